/** One bench by name, in this process. */

const { run } = (await import(`./${process.argv[2]}.ts`)) as { run(): Promise<void> };
await run();
