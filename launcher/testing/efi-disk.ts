// A disk that EFI starts from: a FAT file system with one unsigned program, which says a word on the serial port.

const sector = 512;
const sectors = 2880;
const fatSectors = 9;
const rootEntries = 224;
const firstFat = 1;
const rootDirectory = firstFat + 2 * fatSectors;
/** Clusters are of one sector and counted from 2. */
const firstCluster = rootDirectory + (rootEntries * 32) / sector - 2;
const cluster = { efi: 2, boot: 3, program: 4 };

export function efiDisk(says = "alive\r\n"): Buffer {
  const program = efiProgram(says);
  const disk = Buffer.alloc(sectors * sector);
  bootRecord().copy(disk);
  const last = cluster.program + program.length / sector - 1;
  for (const copy of [0, 1]) fat(last).copy(disk, (firstFat + copy * fatSectors) * sector);
  directory("EFI        ", cluster.efi).copy(disk, rootDirectory * sector);
  const place = (at: number, ...content: Buffer[]) => Buffer.concat(content).copy(disk, (firstCluster + at) * sector);
  const self = (at: number) => directory(".          ", at);
  const parent = (at: number) => directory("..         ", at);
  place(cluster.efi, self(cluster.efi), parent(0), directory("BOOT       ", cluster.boot));
  const file = entry("BOOTX64 EFI", { attributes: 0x20, start: cluster.program, size: program.length });
  place(cluster.boot, self(cluster.boot), parent(cluster.efi), file);
  place(cluster.program, program);
  return disk;
}

/** The parameters of a floppy disk, by which a FAT file system is known. */
function bootRecord(): Buffer {
  const record = Buffer.alloc(sector);
  Buffer.from([0xeb, 0x3c, 0x90, ...Buffer.from("MSDOS5.0")]).copy(record);
  record.writeUInt16LE(sector, 11);
  record.writeUInt8(1, 13);
  record.writeUInt16LE(firstFat, 14);
  record.writeUInt8(2, 16);
  record.writeUInt16LE(rootEntries, 17);
  record.writeUInt16LE(sectors, 19);
  record.writeUInt8(0xf0, 21);
  record.writeUInt16LE(fatSectors, 22);
  record.writeUInt16LE(18, 24);
  record.writeUInt16LE(2, 26);
  record.writeUInt8(0x29, 38);
  record.write("NO NAME    FAT12   ", 43);
  record.writeUInt16LE(0xaa55, 510);
  return record;
}

/** Twelve bits for each cluster: the next one of its file. */
function fat(last: number): Buffer {
  const end = 0xfff;
  const next = [0xff0, end, end, end];
  for (let at = cluster.program; at <= last; at++) next.push(at === last ? end : at + 1);
  const table = Buffer.alloc(fatSectors * sector);
  for (const [at, value] of next.entries()) {
    const offset = Math.floor(at * 1.5);
    const both = table.readUInt16LE(offset);
    table.writeUInt16LE(at % 2 === 0 ? both | value : both | (value << 4), offset);
  }
  return table;
}

const directory = (name: string, start: number): Buffer => entry(name, { attributes: 0x10, start, size: 0 });

function entry(name: string, { attributes, start, size }: Record<"attributes" | "start" | "size", number>): Buffer {
  const made = Buffer.alloc(32);
  made.write(name);
  made.writeUInt8(attributes, 11);
  made.writeUInt16LE(start, 26);
  made.writeUInt32LE(size, 28);
  return made;
}

const alignment = 0x200;
/** Where file and memory alike have the code: behind the headers. */
const codeAt = alignment;

/** Takes the text from behind itself, writes it to the serial port byte by byte, and halts. */
const code = [
  ...[0x48, 0x8d, 0x35, 0x13, 0x00, 0x00, 0x00],
  ...[0xac, 0x84, 0xc0, 0x74, 0x08, 0x66, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xf4],
  ...[0x90, 0x90, 0x90, 0xfa, 0xf4, 0xeb, 0xfd],
];

/** A PE32+ image of one section. */
function efiProgram(says: string): Buffer {
  const image = Buffer.alloc(2 * alignment);
  image.write("MZ");
  image.writeUInt32LE(0x40, 0x3c);
  image.write("PE\0\0", 0x40);
  const coff = 0x44;
  image.writeUInt16LE(0x8664, coff);
  image.writeUInt16LE(1, coff + 2);
  image.writeUInt16LE(240, coff + 16);
  image.writeUInt16LE(0x206, coff + 18);
  const optional = coff + 20;
  image.writeUInt16LE(0x20b, optional);
  const words = { 4: alignment, 16: codeAt, 20: codeAt, 32: alignment, 36: alignment, 56: 2 * alignment, 60: codeAt };
  for (const [offset, value] of Object.entries(words)) image.writeUInt32LE(value, optional + Number(offset));
  image.writeUInt16LE(10, optional + 68);
  image.writeUInt32LE(16, optional + 108);
  const section = optional + 240;
  image.write(".text", section);
  for (const [index, value] of [alignment, codeAt, alignment, codeAt].entries())
    image.writeUInt32LE(value, section + 8 + 4 * index);
  image.writeUInt32LE(0xe0000020, section + 36);
  Buffer.from([...code, ...Buffer.from(says), 0]).copy(image, codeAt);
  return image;
}
