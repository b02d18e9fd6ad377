import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** Tests of what was searched for in advance: pairs and spread images. `visiting` is known once the tests run. */
export function describeRefined(visiting: () => Visiting): void {
  describe("pictures searched for in advance", () => {
    test("pairs stand below the slider, with their verdicts, and lead to it", async () => {
      const visited = await visiting().open("#/combine?a=1&b=4");
      const { page } = visited;
      await page.getByRole("heading", { name: "left and right: fused" }).waitFor();
      await page.getByRole("heading", { name: "upper and 6: 6 alone" }).waitFor();
      expect(await page.locator(".refined-here").count()).toBe(0);
      const pair = page.locator(".pair").first();
      expect(
        await pair.getByRole("img", { name: /^Where left answers: most at the bottom right/ }).count(),
      ).toBe(1);
      expect(await pair.locator(".pair-more figcaption").allTextContents()).toEqual([
        expect.stringContaining("begun otherwise: fused"),
        expect.stringContaining("left ⊥ right"),
        expect.stringContaining("right ⊥ left"),
      ]);
      await page.getByRole("link", { name: "Walk from left to right" }).press("Enter");
      await eventually(() => page.url()).toMatch(/a=2&b=3/);
      await page.locator(".refined-here img").waitFor();
      await visiting().leave(visited);
    });

    test("beside the live picture stands the refined one, where the slider has one", async () => {
      const visited = await visiting().open("#/combine?a=3&b=2");
      const { page } = visited;
      const refined = page.locator(".refined-here img");
      const file = async () => (await refined.getAttribute("src"))?.split("/").at(-1);
      await refined.waitFor();
      expect(await file()).toBe("3.png");
      const slider = page.getByRole("slider");
      await slider.fill("0.3");
      await refined.waitFor({ state: "detached" });
      await page.getByText("Move the slider there").waitFor();
      await slider.fill("0");
      await refined.waitFor();
      expect(await file()).toBe("1.png");
      await page.getByRole("checkbox").check();
      await eventually(file).toBe("5.png");
      expect(await refined.getAttribute("alt")).toMatch(/^Refined: 100 % .* ⊥ /);
      await visiting().leave(visited);
    });

    test("images stand beside what the encoder takes for the same, with their differences as a class", async () => {
      const visited = await visiting().open("#/about");
      const { page } = visited;
      await page.getByRole("navigation").getByRole("link", { name: "Spread" }).click();
      const rows = page.locator(".spread-row");
      await rows.nth(2).waitFor();
      expect(await rows.count()).toBe(3);
      const generations = rows.first().locator(".spread-generations figcaption");
      expect(await generations.allTextContents()).toEqual(
        ["0.95", "0.93", "0.91", "0.89"].map((cosine) => `cosine ${cosine}begun at 0.7`),
      );
      await page.locator(".spread-charts svg").nth(2).waitFor();
      const charts = page.locator(".spread-charts [role=img]");
      expect(await charts.first().getAttribute("aria-label")).toMatch(
        /difference 0\.12 \(95 % from 0\.05 to 0\.2\)/,
      );
      await visiting().leave(visited);
    });

    test("an atlas without them has no trace of either", async () => {
      const visited = await visiting().open("");
      const { page } = visited;
      await page.route("**/atlas.json", async (route) => {
        const site = await (await route.fetch()).json();
        site.pages = site.pages.filter((name: string) => name !== "spread");
        for (const { tables } of site.encoders)
          for (const name of ["pairs", "combinations"]) delete tables[name];
        await route.fulfill({ json: site });
      });
      await page.goto("about:blank");
      await page.goto(`${visiting().server.url}#/combine?a=2&b=3`);
      await page.locator(".preset").first().waitFor();
      expect(await page.locator(".pairs, .refined-here, a[href*=spread]").count()).toBe(0);
      await visiting().leave(visited);
    });
  });
}
