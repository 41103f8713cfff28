// Who may import whom: the tree is the architecture.
const mayImport = {
  api: ["kubernetes"],
  build: ["tools"],
  certificates: [],
  kubernetes: [],
  libvirt: [],
  proto: [],
  tools: [],
  launcher: ["api", "build", "kubernetes", "libvirt", "proto", "tools"],
  "node-executor": ["api", "certificates", "kubernetes", "proto", "tools"],
  gateway: ["api", "certificates", "kubernetes", "proto"],
  functions: ["api", "certificates", "kubernetes"],
  standalone: [
    "api",
    "build",
    "certificates",
    "functions",
    "gateway",
    "kubernetes",
    "node-executor",
    "proto",
    "tools",
  ],
};
const folders = [...Object.keys(mayImport), "test"];
/** And what only they import. */
const tests = "\\.(test|spec)\\.ts$|/testing/";
/** They run the parts of processes, without the shells that the public surfaces offer. */
const simulations = "^test/(simulation|compare)/";

const barriers = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-its-own`,
  severity: "error",
  from: { path: `^${folder}/`, pathNot: tests },
  to: { path: `^(${folders.filter((other) => other !== folder && !allowed.includes(other)).join("|")})/` },
}));

export default {
  forbidden: [
    ...barriers,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "public-surface-only",
      severity: "error",
      from: { path: "^([^/]+)/", pathNot: `${tests}|${simulations}` },
      to: {
        path: "^(api|build|certificates|functions|gateway|kubernetes|launcher|libvirt|node-executor|proto|tools)/(?!index\\.ts$)",
        pathNot: "^$1/",
      },
    },
    {
      name: "only-tests-import-tests",
      severity: "error",
      from: { pathNot: `${tests}|^test/` },
      to: { path: tests },
    },
    {
      name: "functions-are-pure",
      severity: "error",
      from: { path: "^functions/(?!runtime/)[^/]+/", pathNot: tests },
      to: { dependencyTypes: ["npm", "core"], pathNot: "^(api|functions|kubernetes)/" },
    },
    {
      name: "no-function-imports-another",
      severity: "error",
      from: { path: "^functions/(?!runtime/)([^/]+)/", pathNot: tests },
      to: { path: "^functions/(?!runtime/)[^/]+/", pathNot: "^functions/$1/" },
    },
    {
      name: "only-the-launcher-knows-libvirt",
      severity: "error",
      from: { pathNot: "^(launcher|libvirt|test)/" },
      to: { path: "^libvirt/" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|proto/generated)/" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".json"],
    },
    tsPreCompilationDeps: true,
  },
};
