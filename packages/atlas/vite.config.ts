import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page is built in one way only, whatever the environment that a test or a shell brings along.
process.env.NODE_ENV = "production";

export default defineConfig({
  // Relative addresses, so that a built atlas works below any path of any host.
  base: "./",
  plugins: [react()],
  build: {
    outDir: "dist",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
});
