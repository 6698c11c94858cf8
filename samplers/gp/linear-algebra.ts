/**
 * The little linear algebra a Gaussian process needs, on dense row-major matrices. Written out because the systems are
 * small (at most a few hundred rows) and a package would cost more than these loops.
 */

/**
 * Replaces the lower triangle of a symmetric matrix with its Cholesky factor L (matrix = L·Lᵀ); what stands above the
 * diagonal is not read and not changed. Answers false, with the matrix spoilt, when it is not positive definite.
 */
export function choleskyInPlace(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const rest = at(matrix, row * size + column) - dotOfRows(matrix, size, row, column, column);
      if (column < row) matrix[row * size + column] = rest / at(matrix, column * size + column);
      else if (rest > 0) matrix[row * size + row] = Math.sqrt(rest);
      else return false;
    }
  }
  return true;
}

/** Solves L·x = right for a lower-triangular L. */
export function solveLower(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let rest = at(right, row);
    const start = row * size;
    for (let column = 0; column < row; column++) rest -= at(lower, start + column) * at(solution, column);
    solution[row] = rest / at(lower, start + row);
  }
  return solution;
}

/** Solves Lᵀ·x = right for a lower-triangular L. */
export function solveLowerTransposed(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = Float64Array.from(right);
  for (let row = size - 1; row >= 0; row--) {
    const start = row * size;
    const value = at(solution, row) / at(lower, start + row);
    solution[row] = value;
    for (let column = 0; column < row; column++)
      solution[column] = at(solution, column) - value * at(lower, start + column);
  }
  return solution;
}

/** (L·Lᵀ)⁻¹, its lower triangle and diagonal filled. */
export function inverseFromCholesky(lower: Float64Array, size: number): Float64Array {
  // Row c of `columns` is column c of L⁻¹, so that both passes below walk memory in order.
  const columns = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const start = column * size;
    columns[start + column] = 1 / at(lower, start + column);
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let k = column; k < row; k++) sum += at(lower, row * size + k) * at(columns, start + k);
      columns[start + row] = -sum / at(lower, row * size + row);
    }
  }
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < size; k++) sum += at(columns, row * size + k) * at(columns, column * size + k);
      inverse[row * size + column] = sum;
    }
  return inverse;
}

/** Σ aᵢ·bᵢ. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += at(a, index) * at(b, index);
  return sum;
}

function dotOfRows(matrix: Float64Array, size: number, a: number, b: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += at(matrix, a * size + k) * at(matrix, b * size + k);
  return sum;
}

/** An element that is there by construction; 0 stands in for the undefined that the type system fears. */
function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
