import { X509Certificate } from "node:crypto";
import { expect, it } from "@jest/globals";
import { openIdentity } from "./identity.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 0, 1 + number));
const count = (pem: string): number => pem.split("-----BEGIN CERTIFICATE-----").length - 1;

it("is good for ninety days, under one name, and new at each start", () => {
  const pem = openIdentity(day(0)).toPublish(day(0));
  const { validToDate, subjectAltName, ca } = new X509Certificate(pem);
  expect({ until: validToDate, subjectAltName, ca }).toEqual({
    until: day(90),
    subjectAltName: "DNS:knvirt-executor",
    ca: false,
  });
  expect(openIdentity(day(0)).toPublish(day(0))).not.toBe(pem);
});

it("stays as it is for half of its time", () => {
  const identity = openIdentity(day(0));
  const pem = identity.toPublish(day(0));
  identity.published(pem);
  expect(identity.toPublish(day(44))).toBe(pem);
});

it("is published beside its successor before that is used, and then no longer", () => {
  const identity = openIdentity(day(0));
  const first = identity.current();
  const renewed: string[] = [];
  identity.onRenewed(({ certificate }) => renewed.push(certificate));
  const both = identity.toPublish(day(45));
  expect([count(both), identity.current()]).toEqual([2, first]);
  expect(identity.toPublish(day(46))).toBe(both); // while it cannot be published
  identity.published(first.certificate);
  expect(renewed).toEqual([]);
  identity.published(both);
  expect(renewed).toEqual([identity.current().certificate]);
  expect(identity.toPublish(day(46))).toBe(identity.current().certificate);
  expect(both).toContain(identity.current().certificate);
});
