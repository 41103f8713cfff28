// A table of type SLIC as a maker of machines puts it into their firmware: of the right form, and of no value.

const tableBytes = 374;

export function slicTable(): Buffer {
  const table = Buffer.alloc(tableBytes);
  table.write("SLIC", 0, "latin1");
  table.writeUInt32LE(tableBytes, 4);
  table.writeUInt8(1, 8);
  table.write("KNVIRT", 10, "latin1");
  table.write("TESTCASE", 16, "latin1");
  return table;
}
