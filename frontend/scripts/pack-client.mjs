// src/api -> a package that can be published: leadscoring-client-VERSION.tgz, in dist-client or in the
// folder that is given.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = fileURLToPath(new URL("..", import.meta.url));
const source = `${frontend}src/api`;
const staged = resolve(process.argv[2] ?? `${frontend}dist-client`);
const dist = `${staged}/dist`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
// By another name there: Vite takes a folder with a package.json for what that describes, built.
copyFileSync(`${source}/publish.json`, `${staged}/package.json`);
copyFileSync(`${source}/README.md`, `${staged}/README.md`);
// The compiler reads declarations, it does not copy them.
copyFileSync(`${source}/schema.d.ts`, `${dist}/schema.d.ts`);
const run = (name, ...args) => execFileSync(name, args, { cwd: frontend, stdio: "inherit" });
const compiler = `${frontend}node_modules/typescript/bin/tsc`;
run(process.execPath, compiler, "--project", `${source}/tsconfig.build.json`, "--outDir", dist);
run("npm", "pack", "--silent", staged, "--pack-destination", staged);
