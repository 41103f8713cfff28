import { X509Certificate } from "node:crypto";
import { expect, it } from "@jest/globals";
import { publishedIdentity } from "./identity.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 0, 1 + number));
const count = (pem: string): number => pem.split("-----BEGIN CERTIFICATE-----").length - 1;

it("is published under one name, whichever node it is of", () => {
  const { subjectAltName } = new X509Certificate(publishedIdentity(day(0)).toPublish(day(0)));
  expect(subjectAltName).toBe("DNS:knvirt-executor");
});

it("stays as it is for half of its time", () => {
  const identity = publishedIdentity(day(0));
  const pem = identity.toPublish(day(0));
  identity.published(pem);
  expect(identity.toPublish(day(44))).toBe(pem);
});

it("is published beside its successor before that is used, and then no longer", () => {
  const identity = publishedIdentity(day(0));
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
