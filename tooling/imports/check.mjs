// Holds every import of the repository against tooling/imports/rules.mjs.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import { forbidden } from './rules.mjs';

// dependency-cruiser walks swc's tree with a visitor of swc's that does not know `using` declarations and stops at the first.
const { Visitor } = createRequire(import.meta.resolve('dependency-cruiser'))('@swc/core/Visitor.js');
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function visitAnyStatement(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

const rooms = ['packages', 'apps'].flatMap((place) =>
  readdirSync(place).map((room) => `${place}/${room}/src`),
);
const tools = ['fixtures', 's3-server', 'sqs-server', 'stream-api'].map((room) => `tooling/${room}/src`);
const roots = [...rooms, 'examples', 'test/clocks/src', ...tools];
const { output } = await cruise(roots, {
  validate: true,
  ruleSet: { forbidden },
  doNotFollow: { path: 'node_modules|/dist/' },
  tsPreCompilationDeps: true,
  parser: 'swc',
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
});

const looked = output.modules.filter((module) => roots.some((root) => module.source.startsWith(root)));
const bare = roots.filter((root) => !looked.some((module) => module.source.startsWith(root)));
for (const { rule, from, to } of output.summary.violations) {
  const { comment } = forbidden.find(({ name }) => name === rule.name);
  console.error(`${rule.name}: ${from} → ${to}\n  ${comment}`);
}
if (bare.length > 0) console.error(`nothing was looked at in ${bare.join(', ')}: the check itself is broken`);
console.log(
  `import law: ${looked.length} modules, ${forbidden.length} rules, ${output.summary.violations.length} violations`,
);
if (output.summary.violations.length > 0 || bare.length > 0) process.exit(1);
