/**
 * Solves (H + damping·diag H)·x = b for a symmetric H of the given size, row after row, by
 * Cholesky's method. Writes x over `b`; false, and `b` spoilt, where H is not positive definite.
 */
export function solveDamped(
  H: Float64Array,
  damping: number,
  b: Float64Array,
  size: number,
  factor: Float64Array,
): boolean {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = H[row * size + column] ?? 0;
      // The last term keeps a constant where it is that these rows do not move at all.
      if (row === column) sum += damping * sum + 1e-18;
      for (let k = 0; k < column; k++) {
        sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      }
      if (row !== column) factor[row * size + column] = sum / (factor[column * size + column] ?? 1);
      else if (sum > 0) factor[row * size + row] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = b[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (factor[row * size + k] ?? 0) * (b[k] ?? 0);
    b[row] = sum / (factor[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row] ?? 0;
    for (let k = row + 1; k < size; k++) sum -= (factor[k * size + row] ?? 0) * (b[k] ?? 0);
    b[row] = sum / (factor[row * size + row] ?? 1);
  }
  return true;
}

/** Eigenvalues of a symmetric matrix and its eigenvectors, as the columns of `vectors`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** The eigenvalues and eigenvectors of a symmetric matrix, row after row, by Jacobi's rotations. */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  const rotate = (m: Float64Array, i: number, j: number, c: number, s: number) => {
    const [x, y] = [m[i] ?? 0, m[j] ?? 0];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  // Converges quadratically: matrices of ten rows are diagonal to the last bit in some six sweeps.
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q] ?? 0;
        if (off === 0) continue;
        const theta = ((a[q * size + q] ?? 0) - (a[p * size + p] ?? 0)) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < size; k++) rotate(a, k * size + p, k * size + q, c, s);
        for (let k = 0; k < size; k++) rotate(a, p * size + k, q * size + k, c, s);
        for (let k = 0; k < size; k++) rotate(vectors, k * size + p, k * size + q, c, s);
      }
    }
  }
  return {
    values: Float64Array.from({ length: size }, (_, at) => a[at * size + at] ?? 0),
    vectors,
  };
}
