import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** Tests of the gallery. `visiting` is known once the tests run. */
export function describeGallery(visiting: () => Visiting): void {
  describe("the gallery", () => {
    test("a picture expands on a click, arrows lead on, and Esc closes it", async () => {
      const { atlas, open, leave } = visiting();
      const visited = await open("#/gallery");
      const { page } = visited;
      const links = page.locator(".grid-cell .feature-link");
      await links.first().waitFor();
      // Every second feature is drawn.
      expect(await page.locator(".lead").textContent()).toContain(`${Math.ceil(atlas.living / 2)} pictures`);
      await links.first().click();
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      const numberOf = async () => Number((await dialog.getAttribute("aria-label"))?.match(/\d+/)?.[0]);
      const first = await numberOf();
      expect(page.url()).toContain(`f=${first}`);
      const said = await dialog.locator(".facts-list").textContent();
      const made = first % 4 === 0 ? "searched for" : "painted";
      expect(said).toContain(made);
      expect(said).toContain(`crops${Number((0.9 - first / 100).toFixed(2))}`);
      expect(said).toContain(`picture${1 + first / 2} of `);
      expect(await dialog.getByRole("link").getAttribute("href")).toContain(`#/feature/${first}`);

      await page.keyboard.press("ArrowRight");
      await eventually(numberOf).not.toBe(first);
      await page.keyboard.press("ArrowLeft");
      await eventually(numberOf).toBe(first);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.waitForURL(({ hash }) => hash === "#/gallery");
      await page.goBack();
      await dialog.waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "detached" });
      await leave(visited);
    });

    test("the sheet and the pictures beside top images have addresses, and open pictures too", async () => {
      const { open, leave } = visiting();
      const visited = await open("#/gallery?view=curated");
      const { page } = visited;
      const sheet = page.locator(".curated .feature-link");
      await sheet.first().waitFor();
      const shown = await sheet.count();
      expect(shown).toBeLessThanOrEqual(32);
      // Searched for, the strongest in its own picture.
      expect(await sheet.first().textContent()).toMatch(/^0.*searched for$/);
      await sheet.nth(1).click();
      await page.getByRole("dialog").waitFor();
      expect(page.url()).toMatch(/view=curated&f=\d+/);
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Beside top images" }).click();
      await page.locator(".beside .top-images figure").nth(3).waitFor();
      expect(await page.locator(".beside").count()).toBe(8);
      expect(page.url()).toContain("view=beside");
      await leave(visited);
    });

    test("is not offered where no pictures were drawn", async () => {
      const { server, open, leave } = visiting();
      const visited = await open("#/about");
      const { page } = visited;
      await page.getByRole("link", { name: "Gallery" }).waitFor();
      await page.route("**/atlas.json", async (route) => {
        const site = await (await route.fetch()).json();
        site.pages = site.pages.filter((name: string) => name !== "gallery");
        await route.fulfill({ json: site });
      });
      await page.waitForLoadState("networkidle");
      await page.goto("about:blank");
      await page.goto(`${server.url}#/features`);
      await page.locator("h1").first().waitFor();
      expect(await page.locator('a[href*="gallery"]').count()).toBe(0);
      await leave(visited);
    });
  });
}
