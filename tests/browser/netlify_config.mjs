// What Netlify makes of a project: node netlify_config.mjs FOLDER CONTEXT [PATH...]
//
// Prints, as JSON, the build settings, the redirects, and the headers that each PATH is sent with.
// Netlify's own parser reads netlify.toml and the published folder's _redirects; it asks no network.

import { resolveConfig } from "@netlify/config";
import { parseAllHeaders } from "@netlify/headers-parser";

const [folder, context, ...paths] = process.argv.slice(2);

const { config, logs } = await resolveConfig({
  repositoryRoot: folder,
  cwd: folder,
  context,
  branch: "main",
  offline: true,
  buffer: true,
});
const complaints = [...logs.stdout, ...logs.stderr].join("\n").trim();
if (complaints) throw new Error(complaints);
const { headers, errors } = await parseAllHeaders({ configHeaders: config.headers, minimal: false });
if (errors.length) throw new AggregateError(errors, "Netlify cannot read the headers");

const sent = (path) =>
  Object.assign({}, ...headers.filter(({ forRegExp }) => forRegExp.test(path)).map(({ values }) => values));

const { build, redirects } = config;
console.log(JSON.stringify({ build, redirects, headers: Object.fromEntries(paths.map((path) => [path, sent(path)])) }));
