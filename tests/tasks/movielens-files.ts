import type { TaskCopy } from './task-copy.ts';

const USERS = 40;
const MOVIES = 30;

export interface MovieLensFiles {
  ratings: string[];
  users: string[];
  movies: string[];
}

/** A sample in MovieLens 1M’s format: every user has rated 25 of the movies; even users like the even ones. */
export function movieLensSample(): MovieLensFiles {
  const users = Array.from({ length: USERS }, (_, n) => n + 1);
  const movies = Array.from({ length: MOVIES }, (_, n) => 10 * n + 1);
  const rated = users.flatMap((user) =>
    movies.filter((_, n) => (n + user) % 6 !== 0).map((movie) => [user, movie] as const),
  );
  return {
    ratings: rated.map(
      ([user, movie]) => `${user}::${movie}::${2 + 2 * Number(user % 2 === ((movie - 1) / 10) % 2)}::978300760`,
    ),
    users: users.map((user) => `${user}::${user % 3 === 0 ? 'F' : 'M'}::25::${user % 21}::${10_000 + 700 * user}-1234`),
    movies: movies.map(
      (movie) => `${movie}::Amélie: the return, no. ${movie} (1999)::Comedy${movie % 4 === 1 ? '|Sci-Fi' : ''}`,
    ),
  };
}

export function putMovieLens(task: TaskCopy, files: MovieLensFiles = movieLensSample()): void {
  for (const name of ['ratings', 'users', 'movies'] as const)
    task.putData(`${name}.dat`, Buffer.from(files[name].map((line) => `${line}\n`).join(''), 'latin1'));
}
