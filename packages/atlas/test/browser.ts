import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const places = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where a Chromium is, or undefined. In CI there must be one. */
export function findChromium(): string | undefined {
  const found = places.find((place) => place && existsSync(place));
  if (!found && process.env.CI === "true") {
    throw new Error("no Chromium found, and CI tests the page in one; install it (apt-get install chromium)");
  }
  return found;
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong so far: errors and warnings of the console, exceptions, failed requests, requests to other hosts. */
  readonly troubles: readonly string[];
}

/** What Chromium says of requests still open when a test goes on to another page: no trouble. */
const givenUp = "net::ERR_ABORTED";
/** What OpenSeadragon says of a tile that comes when its map has been left. */
const tileTooLate = "Ignoring tile";

export type Device = "desktop" | "phone";

export async function visit(
  browser: Browser,
  url: string,
  { device = "desktop", scheme = "dark" }: { device?: Device; scheme?: "dark" | "light" } = {},
): Promise<Visit> {
  const phone = device === "phone";
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: scheme,
    hasTouch: phone,
    isMobile: phone,
    // Moves end at once, so that a test need not wait for them.
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(25_000);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    const loud = message.type() === "error" || message.type() === "warning";
    if (loud && !message.text().startsWith(tileTooLate)) troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why !== givenUp) troubles.push(`${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.url()} ${response.status()}`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(url).host)
      troubles.push(`${request.url()} is elsewhere`);
  });
  await page.goto(url);
  return { page, context, troubles };
}
