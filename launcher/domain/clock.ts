// What the guest's clock shows when it starts.
import { element, type XmlElement } from "./xml.ts";

export const clock = (): XmlElement[] => [element("clock", { offset: "utc" })];
