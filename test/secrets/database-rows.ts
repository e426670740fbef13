import { DatabaseSync } from 'node:sqlite';

/** Every row of every table, so that a text is in one piece that the file spreads over its pages. */
export function databaseRows(file: string): Buffer {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    const values = tables.flatMap(({ name }) => {
      const select = database.prepare(`SELECT * FROM "${String(name)}"`);
      select.setReadBigInts(true);
      return select.all().flatMap((row) => Object.values(row));
    });
    return Buffer.concat(values.flatMap((value) => [bytesOf(value), Buffer.from('\n')]));
  } finally {
    database.close();
  }
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value));
}
