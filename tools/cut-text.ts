/** `text` in at most about `limit` characters: the middle is cut out and how much is said in its place. */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.floor(limit / 3);
  const tail = limit - head;
  return `${text.slice(0, head)}\n[… ${text.length - limit} characters left out …]\n${text.slice(-tail)}`;
}

/** The end of `text` in at most about `limit` characters, saying how much is missing before it. */
export function cutStart(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `[… ${text.length - limit} characters left out …]\n${text.slice(-limit)}`;
}
