import { serveAtlas } from "@optogram/atlas";
import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** Tests of the page that ranks encoders. `visiting` is known once the tests run. */
export function describeEncoders(visiting: () => Visiting): void {
  describe("the page that compares encoders", () => {
    test("the start leads to the ranking, and another score orders it anew", async () => {
      const visited = await visiting().open("");
      const { page } = visited;
      await page.getByRole("link", { name: "Compare encoders" }).click();
      const names = page.locator(".ranking tbody:first-of-type th[scope=row]");
      await names.first().waitFor();
      expect(await names.allTextContents()).toEqual([
        expect.stringMatching(/^small its own judge/),
        expect.stringMatching(/^small@3/),
      ]);
      // What has learnt nothing is ranked, but stands among the controls.
      expect(await page.locator(".ranking-controls th[scope=row]").allTextContents()).toEqual([
        expect.stringMatching(/^blank/),
        expect.stringMatching(/^small, tokens shuffled/),
        expect.stringMatching(/^mean image/),
        expect.stringMatching(/^pixels/),
      ]);
      await page.getByText("This judge is one of the encoders compared").waitFor();
      const chart = page.locator(".encoders-ranking .chart-plot");
      expect(await chart.getAttribute("aria-label")).toContain("small 0.900, small@3 0.800, blank 0.500");
      await page.getByLabel("Score").selectOption("PSNR, dB");
      await eventually(() => names.first().textContent()).toMatch(/^small@3/);
      expect(await page.getByText("This judge is").count()).toBe(0);
      await chart.locator("svg").waitFor();
      expect(page.url()).toContain("measure=psnr");
      await page.reload();
      await eventually(() => names.first().textContent()).toMatch(/^small@3/);
      await visiting().leave(visited);
    });

    test("says in words what the test of two of them found", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      const said = page.locator(".encoders-test");
      await eventually(() => said.textContent()).toMatch(/No difference was found\..*in 31 of 100/s);
      await page.getByLabel("Between").selectOption("blank");
      await eventually(() => said.textContent()).toMatch(
        /They differ: small@3 keeps more.*blank scores 0\.300 lower than small@3 .*p < 0\.001.*0\.75 in favour of small@3/s,
      );
      await eventually(() => page.url()).toContain("first=blank");
      await visiting().leave(visited);
    });

    test("rows and images are chosen, and the address keeps them", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      const titles = page.locator(".paintings").first().locator("h3");
      const shown = page.locator(".paintings").first().locator(".cut");
      await titles.first().waitFor();
      expect(await titles.allTextContents()).toEqual([
        ...["The originals", "small", "small@3", "blank", "mean image"],
      ]);
      expect(await shown.count()).toBe(5 * 3);
      await page.getByRole("button", { name: "small, tokens shuffled" }).click();
      await page.getByRole("button", { name: "small@3", exact: true }).click();
      await page.getByRole("button", { name: /^Image 2: scene 1:10/ }).click();
      const chosen = ["The originals", "small", "blank", "small, tokens shuffled", "mean image"];
      await eventually(() => titles.allTextContents()).toEqual(chosen);
      expect(await shown.count()).toBe(5 * 2);
      await page.reload();
      await eventually(() => titles.allTextContents()).toEqual(chosen);
      expect(await shown.last().getAttribute("aria-label")).toBe("scene 1:20 as painted: mean image");
      await visiting().leave(visited);
    });

    test("another change swaps the sheet, its figures and its eigenvalues", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      const sheet = page.locator(".operators .cut").first();
      const behind = () => sheet.evaluate((element) => getComputedStyle(element).backgroundImage);
      await sheet.waitFor();
      expect(await behind()).toContain("sheet-swap.webp");
      await page.getByText("75 % lie where theory has them").first().waitFor();
      expect(await page.locator(".planes .chart").count()).toBe(4);
      await page.locator(".planes svg").last().waitFor();
      await page.getByRole("combobox", { name: /^Change/ }).selectOption("brightness × 0.6");
      await eventually(behind).toContain("sheet-dim.webp");
      await page.getByText("Theory says nothing of this change").waitFor();
      const means = page.getByRole("img", { name: /^Mean ΔE 2000 from the changed image/ });
      expect(await means.getAttribute("aria-label")).toContain("no operator 13, orthogonal 11");
      expect(page.url()).toContain("change=dim");
      await page.getByRole("img", { name: "The first image and its 4 most moved channels after" }).waitFor();
      await page.locator(".planes svg").last().waitFor();
      await visiting().leave(visited);
    });

    test("draws scores against tokens with a label an encoder", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      const figure = page.locator(".encoders-tokens .chart-plot");
      await figure.locator("svg").waitFor();
      expect(await figure.getAttribute("aria-label")).toBe(
        "cosine under small by tokens: small, 64 tokens, 0.900; blank, 16 tokens, 0.500",
      );
      const drawn = await figure.locator("svg text").allTextContents();
      for (const text of ["small", "blank", "16", "64"]) expect(drawn).toContain(text);
      expect(drawn).not.toContain("small@3");
      await visiting().leave(visited);
    });

    test("sets two families side by side with both tests", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      const rows = page.locator(".families tbody tr");
      await rows.last().waitFor();
      expect(await rows.allTextContents()).toEqual([
        "Judge: The encoder small is compared itself, and favours what it keeps",
        "small, blank16 px0.9000.5000.40000.3500 to 0.45000.98< 0.001< 0.001",
        "small@3, blank32 px and 16 px0.8000.5000.3000−0.0100 to 0.6100−0.250.0620.044",
      ]);
      await visiting().leave(visited);
    });

    test("draws scores against blocks where one encoder has several layers", async () => {
      const visited = await visiting().open("#/encoders");
      const { page } = visited;
      await page.getByRole("img", { name: "small: block 3 0.800, block 6 0.900" }).waitFor();
      await page.locator(".planes svg").last().waitFor();
      await visiting().leave(visited);
    });

    test("fits a phone, and keys reach and turn what is chosen", async () => {
      const visited = await visiting().open("#/encoders", { device: "phone", scheme: "light" });
      const { page } = visited;
      await page.locator(".planes svg").last().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      const row = page.getByRole("button", { name: "blank", exact: true });
      await row.focus();
      await page.keyboard.press("Enter");
      await eventually(() => row.getAttribute("aria-pressed")).toBe("false");
      await visiting().leave(visited);
    });

    test("an atlas may be of the ranking alone, with no way to what it lacks", async () => {
      const { atlas, open, leave } = visiting();
      const server = await serveAtlas(atlas.ranking, { port: 0 });
      try {
        const visited = await open("", undefined, server.url);
        const { page } = visited;
        await page.getByRole("link", { name: "Compare encoders" }).waitFor();
        const links = () =>
          page.locator("a").evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href")))]);
        expect((await links()).sort()).toEqual(["#/", "#/about", "#/encoders"]);
        await page.getByRole("link", { name: "Compare encoders" }).click();
        await page.locator(".ranking").waitFor();
        expect(await page.locator(".operators").count()).toBe(0);
        await page.getByRole("link", { name: "What was run on what" }).click();
        await page.getByText("evaluate-encoders").waitFor();
        expect((await links()).sort()).toEqual(["#/", "#/about", "#/encoders"]);
        await leave(visited);
      } finally {
        await server.close();
      }
    });
  });
}
