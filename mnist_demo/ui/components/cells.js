// Where the neurons of a layer stand: cells of one size, in rows and columns.

const FULL_GRID = 1.15;

// Columns and side of square cells, as large as a box allows for so many of them.
function fitCells(count, width, height) {
  let best = { columns: 1, side: 0, value: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const side = Math.min(width / columns, height / Math.ceil(count / columns));
    const isFull = count % columns === 0; // a grid without a gap looks better than slightly larger cells
    const value = isFull ? side * FULL_GRID : side;
    if (value > best.value) best = { columns, side, value };
  }
  return { ...best, count, rows: Math.ceil(count / best.columns) };
}

// Outputs two by two, so that each stands at the height of its own bar, more or less.
function pairOutputs(count, width, height) {
  const rows = Math.ceil(count / 2);
  return { columns: 2, rows, count, side: Math.min(width / 2, height / rows) };
}

// Cells that stand in the middle of a height.
function stand(grid, left, height) {
  return { ...grid, left, top: (height - grid.rows * grid.side) / 2 };
}
