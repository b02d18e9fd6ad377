import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** When its four pictures are painted: a page left before would tell of a fetch that was broken off. */
const painted = (page: Page) =>
  eventually(() => page.locator(".compare-apart canvas:not(.painting-none)").count()).toBe(4);

/** Tests of the page that compares two features. `visiting` is known once the tests run. */
export function describeCompare(visiting: () => Visiting): void {
  describe("the page that compares two features", () => {
    test("opens with the clearest split, and the slider changes the image and both numbers", async () => {
      const visited = await visiting().open("#/compare");
      const { page } = visited;
      const readings = page.locator(".probe-answers dd b");
      await readings.first().waitFor();
      expect(await page.locator(".lead").textContent()).toMatch(
        /Two features answer to the \w+: 0 when there is one, 1 when there are 4\./,
      );
      expect(await readings.allTextContents()).toEqual(["0.400", "silent"]);
      const picture = page.locator(".probe-picture");
      const place = () => picture.evaluate((element) => getComputedStyle(element).backgroundPosition);
      const before = await place();
      const slider = page.getByRole("slider");
      await slider.focus();
      await page.keyboard.press("End");
      await eventually(() => readings.allTextContents()).toEqual(["silent", "0.400"]);
      expect(await place()).not.toBe(before);
      expect(await picture.getAttribute("aria-label")).toMatch(/4 of them/);
      expect(await slider.getAttribute("aria-valuetext")).toMatch(/4 of them/);
      await eventually(() => page.url()).toContain("at=4");
      await painted(page);
      await page.reload();
      await eventually(() => readings.allTextContents()).toEqual(["silent", "0.400"]);

      await page.getByRole("button", { name: "Size" }).click();
      await eventually(() => page.getByRole("slider").getAttribute("max")).toBe("2");
      expect(await page.getByText("Whole or sliced").count()).toBe(0);
      await page.locator(".chart svg").waitFor();
      await painted(page);
      await visiting().leave(visited);
    });

    test("compares any two features: tops, those of both, what is painted, other splits", async () => {
      const visited = await visiting().open("#/compare?a=3&b=5");
      const { page } = visited;
      await eventually(() => page.locator(".compare-tops").count()).toBeGreaterThanOrEqual(2);
      await painted(page);
      await page.getByRole("combobox", { name: "Choose a feature instead of 5" }).fill("2");
      await page.keyboard.press("Enter");
      await eventually(() => page.url()).toMatch(/a=3&b=2/);
      const splits = page.locator(".splits a");
      expect(await splits.count()).toBe(2);
      await splits.last().click();
      await eventually(() => page.locator(".lead").textContent()).toContain("1 when there is one, 2 when");
      await visiting().leave(visited);
    });

    test("a feature's page leads to it, with its partner in a split", async () => {
      const visited = await visiting().open("#/feature/1");
      const { page } = visited;
      await page.getByRole("link", { name: "Compare with…" }).click();
      await page.locator(".probe-answers").waitFor();
      expect(await page.locator(".compare-end").count()).toBe(2);
      await painted(page);
      await visiting().leave(visited);
    });

    test("fits a phone", async () => {
      const visited = await visiting().open("#/compare");
      const { page } = visited;
      await page.setViewportSize({ width: 360, height: 740 });
      await page.locator(".chart svg").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(360);
      await painted(page);
      await visiting().leave(visited);
    });
  });
}
