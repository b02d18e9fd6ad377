/** The command in a launcher's child: it ends with its launcher, even where that is killed. */
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Listening alone would keep the process alive.
process.channel?.unref();
await import("../src/main.ts");
