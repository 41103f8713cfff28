// The columns that a CustomResourceDefinition declares.
import { compileJsonPath } from "../json-path.ts";
import { asText } from "../object.ts";
import type { PrinterColumn } from "../resource.ts";
import { ageText } from "./age.ts";
import type { Cell, TableColumn, TableColumns } from "./columns.ts";

const nameColumn: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the object.",
};

const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  description: "Time since the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

const cellOf: Record<PrinterColumn["type"], (values: unknown[], now: Date) => Cell> = {
  string: (values) => values.map(asText).join(","),
  integer: ([value]) => integerOf(value),
  number: ([value]) => numberOf(value),
  boolean: ([value]) => (typeof value === "boolean" ? value : null),
  date: ([value], now) => ageText(value, now),
};

function numberOf(value: unknown): number | null {
  const isNumeric = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
  return isNumeric && Number.isFinite(Number(value)) ? Number(value) : null;
}

function integerOf(value: unknown): number | null {
  const number = numberOf(value);
  return number === null ? null : Math.trunc(number);
}

export function printerColumns(declared: PrinterColumn[]): TableColumns {
  const columns = declared.length > 0 ? declared : [ageColumn];
  const readers = columns.map(({ jsonPath, type }) => ({ read: compileJsonPath(jsonPath), cell: cellOf[type] }));
  return {
    columns: [
      nameColumn,
      ...columns.map(({ name, type, format, description, priority }) => ({
        ...{ name, type, ...(format && { format }) },
        ...(description && { description }),
        ...(priority && { priority }),
      })),
    ],
    cells: (object, now) => [
      object.metadata.name,
      ...readers.map(({ read, cell }) => {
        const values = read(object);
        return values.length === 0 || values[0] === null ? null : cell(values, now);
      }),
    ],
  };
}
