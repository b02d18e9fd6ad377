export declare function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
