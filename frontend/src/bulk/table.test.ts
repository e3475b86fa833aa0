import { describe, expect, it } from "vitest";

import { batchQuery, columnsOf, guess, mediaTypeOf } from "./table";

describe("a dropped file", () => {
  it("has its columns named in its first line, however they are parted and quoted", () => {
    expect(columnsOf('\uFEFFid,"Company, legal",Budget\n1,a,2')).toEqual(["id", "Company, legal", "Budget"]);
    expect(columnsOf("Lead ID;Industry\r\n1;x")).toEqual(["Lead ID", "Industry"]);
    expect(columnsOf("PAR1\0\0")).toEqual([]);
  });

  it("has columns that are recognised by what they are called", () => {
    const mapping = guess(["Lead ID", "E-Mail", "Last Contact", "Colour", "created_at"]);
    expect(mapping).toMatchObject({ id: "Lead ID", email: "E-Mail", last_contact: "Last Contact" });
    expect(mapping["budget"]).toBeNull();
    expect(batchQuery(mapping)).toEqual({
      id: "Lead ID",
      seenOn: "created_at",
      map: ["email=E-Mail", "last_contact=Last Contact"],
    });
  });

  it("is refused at once if no server could read it", () => {
    expect(mediaTypeOf("Leads.CSV")).toBe("text/csv");
    expect(mediaTypeOf("leads.docx")).toBeNull();
  });
});
