// Guests of 512 bytes: they say a word on the serial port, and then behave as wanted.

/** At port 0x604 q35's ACPI takes the order to power off. */
const powerOff = [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef];
const halt = [0xf4, 0xeb, 0xfd];
const behaviours = {
  /** Ignores the power button. */
  halts: halt,
  powersOff: [...powerOff, ...halt],
  /** Through q35's reset register. */
  reboots: [0xba, 0xf9, 0x0c, 0xb0, 0x06, 0xee, ...halt],
  /** By the panic device's register. */
  panics: [0xba, 0x05, 0x05, 0xb0, 0x01, 0xee, ...halt],
  /** Enables the power button, waits for it without interrupts, then powers off. */
  obeys: [
    0xfa,
    0xba,
    0x02,
    0x06,
    0xb8,
    0x00,
    0x01,
    0xef,
    0xba,
    0x00,
    0x06,
    0xed,
    0xf6,
    0xc4,
    0x01,
    0x74,
    0xf7,
    ...powerOff,
    ...halt,
  ],
} as const;

const origin = 0x7c00;
/** The firmware does not start from a disk of a single sector. */
const diskBytes = 1024 * 1024;
/** Writes the text behind the code to the serial port, byte by byte. */
const print = (text: number): number[] => [
  ...[0x31, 0xc0, 0x8e, 0xd8, 0xbe, text & 0xff, text >> 8],
  ...[0xac, 0x84, 0xc0, 0x74, 0x06, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xf5],
];

export function bootSector(behaviour: keyof typeof behaviours, says = "alive\r\n"): Buffer {
  const after = behaviours[behaviour];
  const code = print(origin + print(0).length + after.length);
  const disk = Buffer.alloc(diskBytes);
  Buffer.from([...code, ...after, ...Buffer.from(says), 0]).copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}
