// deploy/: both kinds of code parse, and grant the rights that the tests use.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse as parseHcl } from '@cdktn/hcl2json';
import { Language, Parser } from 'web-tree-sitter';
import { inRoot } from '../lib/paths.mjs';

const require = createRequire(import.meta.url);
const BICEP = inRoot('deploy/bicep');
const TERRAFORM = inRoot('deploy/terraform');
const read = (...path) => readFileSync(join(...path), 'utf8');

const JOBS = {
  read: 'registry-key-reader.json',
  rotate: 'registry-key-rotator.json',
  revoke: 'registry-key-revoker.json',
  provision: 'registry-key-provisioner.json',
};
/** Sizes of the role of revoke. */
const REVOKERS = {
  everything: JOBS.revoke,
  keys: 'registry-key-revoker-keys.json',
  grants: 'registry-key-revoker-grants.json',
};
/** Roles at the subscription itself, by job. */
const EXTRA = {
  provision: 'registry-name-checker.json',
  read: 'key-consumer-reader.json',
};
const CONDITION = 'registry-key-revoker.condition.txt';
const EVENTS = [
  'Microsoft.KeyVault.KeyNewVersionCreated',
  'Microsoft.KeyVault.KeyNearExpiry',
  'Microsoft.KeyVault.KeyExpired',
  'Microsoft.KeyVault.VaultAccessPolicyChanged',
];

describe('the roles of docs/roles', () => {
  test('are one for each job and size, and the deployment knows every one', () => {
    const files = readdirSync(inRoot('docs/roles'))
      .filter(name => /^(registry|key-consumer)-.*\.json$/.test(name))
      .sort();
    const known = new Set([
      ...Object.values(JOBS),
      ...Object.values(REVOKERS),
      ...Object.values(EXTRA),
    ]);
    assert.deepEqual(files, [...known].sort());
  });
});

describe('the Bicep files', () => {
  let parser;

  before(async () => {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(
      await Language.load(
        require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'),
      ),
    );
  });

  const errorsOf = text => {
    const found = [];
    const walk = node => {
      if (node.isError || node.isMissing) {
        found.push(
          `line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`,
        );
      }
      node.children.forEach(walk);
    };
    walk(parser.parse(text).rootNode);
    return found;
  };

  for (const name of readdirSync(BICEP).filter(each =>
    each.endsWith('.bicep'),
  )) {
    test(`${name} can be parsed`, () => {
      assert.deepEqual(errorsOf(read(BICEP, name)), []);
    });
  }

  test('a file with a mistake cannot be parsed', () => {
    assert.notDeepEqual(errorsOf('param jobs string[] = [\n'), []);
  });

  test('every job has its role from the file that the tests use', () => {
    const main = read(BICEP, 'main.bicep');
    const loaded = name => {
      const [, body] = new RegExp(`^var ${name} = \\{\n([^}]*)^\\}`, 'm').exec(
        main,
      );
      return body.trim().split(/\n */);
    };
    const load = ([name, file]) =>
      `${name}: loadJsonContent('../../docs/roles/${file}')`;
    assert.deepEqual(
      loaded('roles'),
      Object.entries(JOBS).map(entry =>
        entry[0] === 'revoke' ? 'revoke: revokers[revokerSize]' : load(entry),
      ),
    );
    assert.deepEqual(loaded('revokers'), Object.entries(REVOKERS).map(load));
    assert.match(
      main,
      /^@allowed\(\['everything', 'keys', 'grants'\]\)\nparam revokerSize string = 'everything'$/m,
    );
  });

  test('the revoker that changes grants, and nobody else, has the condition', () => {
    const text = read(BICEP, 'main.bicep');
    assert.match(
      text,
      new RegExp(
        `revoke: revokerSize == 'keys' \\? '' : trim\\(loadTextContent\\('../../docs/roles/${CONDITION}'\\)\\)`,
      ),
    );
    assert.equal(text.match(/loadTextContent/g).length, 1);
    assert.match(
      read(BICEP, 'assignments.bicep'),
      /conditionVersion: empty\(each\.condition\) \? null : '2\.0'/,
    );
  });

  test('read has its role at the subscription, and every other job at the groups', () => {
    const main = read(BICEP, 'main.bicep');
    assert.match(
      main,
      /^resource readAssignments [^\n]* = \[\n {2}for \(job, index\) in jobs: if \(job == 'read'\) \{\n {4}name/m,
    );
    assert.match(main, /for job in filter\(jobs, each => each != 'read'\): \{/);
  });

  test('provision may ask for free names at the subscription, and read, if wanted, for other services', () => {
    const main = read(BICEP, 'main.bicep');
    const roles =
      /^var extraRoles = filter\(\n {2}\[\n([^\]]*)^ {2}\],\n(.*)$/m.exec(main);
    assert.deepEqual(
      roles[1].trim().split(/\n */),
      [
        ['provision', 'true'],
        ['read', 'readKeyConsumers'],
      ].map(
        ([job, wanted]) =>
          `{ job: '${job}', wanted: ${wanted}, role: loadJsonContent('../../docs/roles/${EXTRA[job]}') }`,
      ),
    );
    assert.equal(
      roles[2].trim(),
      'each => each.wanted && contains(jobs, each.job)',
    );
    assert.match(main, /^param readKeyConsumers bool = false$/m);
    assert.match(
      main,
      /^resource extraAssignments [^\n]* = \[\n {2}for each in extraRoles: \{\n {4}name/m,
    );
    assert.match(
      main,
      /principalId: identities\.outputs\.identities\[indexOf\(jobs, each\.job\)\]\.principalId/,
    );
  });

  test('events without an endpoint fail the deployment', () => {
    for (const name of ['endpoint', 'applicationId']) {
      assert.match(
        read(BICEP, 'events.bicep'),
        new RegExp(`^@minLength\\(1\\)\nparam ${name} string$`, 'm'),
      );
    }
  });

  test('a module gets every parameter without a default, and no unknown one', () => {
    const main = read(BICEP, 'main.bicep');
    const calls = [
      ...main.matchAll(
        /^module \w+ '([^']+)' = [\s\S]*?^ *params: \{\n([\s\S]*?)^ {2,4}\}$/gm,
      ),
    ];
    assert.equal(calls.length, 3);
    for (const [, file, params] of calls) {
      const indent = /^ +/.exec(params)[0];
      const given = [
        ...params.matchAll(new RegExp(`^${indent}(\\w+):`, 'gm')),
      ].map(([, name]) => name);
      const wanted = [
        ...read(BICEP, file).matchAll(/^param (\w+) (?!.*=)/gm),
      ].map(([, name]) => name);
      assert.deepEqual(given.sort(), wanted.sort(), file);
    }
  });
});

describe('the Terraform module', () => {
  const load = async name => parseHcl(name, read(TERRAFORM, name));

  test('can be parsed by HashiCorp’s parser', async () => {
    for (const name of readdirSync(TERRAFORM).filter(each =>
      each.endsWith('.tf'),
    )) {
      assert.ok(Object.keys(await load(name)).length > 0, name);
    }
  });

  test('a file with a mistake cannot be parsed', async () => {
    await assert.rejects(parseHcl('x.tf', 'resource "a" "b" {'));
  });

  test('every job has its role from the file that the tests use', async () => {
    const { locals } = await load('main.tf');
    const paths = files =>
      Object.fromEntries(
        Object.entries(files).map(([name, file]) => [
          name,
          `\${path.module}/../../docs/roles/${file}`,
        ]),
      );
    assert.deepEqual(locals[0].role_files, {
      ...paths(JOBS),
      revoke: '${local.revoker_files[var.revoker_size]}',
    });
    assert.deepEqual(locals[0].revoker_files, paths(REVOKERS));
  });

  test('the revoker that changes grants, and nobody else, has the condition', async () => {
    const { locals, resource } = await load('main.tf');
    const condition = `trimspace(file("\${path.module}/../../docs/roles/${CONDITION}"))`;
    assert.equal(
      locals[0].conditions.replaceAll(/\s+/g, ' '),
      `\${{ for job in ["revoke"] : job => ${condition} if var.revoker_size != "keys" }}`,
    );
    const [assignment] = resource.azurerm_role_assignment.job;
    assert.equal(
      assignment.condition,
      '${lookup(local.conditions, each.value.job, null)}',
    );
    assert.match(assignment.condition_version, /\? "2\.0" : null/);
  });

  test('read has its role at the subscriptions, and every other job at the groups', async () => {
    const { locals } = await load('main.tf');
    assert.match(
      locals[0].assignments,
      /setsubtract\(var\.jobs, \["read"\]\), var\.resource_group_ids/,
    );
    assert.match(
      locals[0].assignments,
      /setintersection\(var\.jobs, \["read"\]\), local\.read_scopes/,
    );
  });

  test('provision may ask for free names at the subscriptions, and read, if wanted, for other services', async () => {
    const { locals, resource } = await load('main.tf');
    const roles = locals[0].extra_roles.replaceAll(/\s+/g, ' ');
    for (const [job, wanted, scopes] of [
      ['provision', 'true', 'subscriptions'],
      ['read', 'var.read_key_consumers', 'read_scopes'],
    ]) {
      assert.ok(
        roles.includes(
          `${job} = { wanted = ${wanted}, file = "${EXTRA[job]}", scopes = local.${scopes} }`,
        ),
        job,
      );
    }
    assert.match(roles, / if each\.wanted && contains\(var\.jobs, job\) \}\}$/);
    const [{ default: isWanted }] = (await load('variables.tf')).variable
      .read_key_consumers;
    assert.equal(isWanted, false);
    const [assignment] = resource.azurerm_role_assignment.extra;
    assert.equal(assignment.for_each, '${local.extra_assignments}');
    assert.equal(assignment.scope, '${each.value.scope}');
  });

  test('events without an endpoint, its application and tenant fail the plan', async () => {
    const { resource } = await load('main.tf');
    const [{ lifecycle }] = resource.azurerm_eventgrid_event_subscription.vault;
    const { condition } = lifecycle[0].precondition[0];
    for (const name of [
      'event_endpoint',
      'event_application_id',
      'tenant_id',
    ]) {
      assert.match(condition, new RegExp(`var\\.${name} != null`));
    }
  });

  test('its README names the current version', () => {
    const { version } = JSON.parse(
      read(inRoot('plugins/acr-cmk-backend/package.json')),
    );
    assert.equal(
      /\?ref=(\S+?)"/.exec(read(TERRAFORM, 'README.md'))[1],
      `v${version}`,
    );
  });

  test('every used variable is declared, and every declared one used', async () => {
    const files = readdirSync(TERRAFORM).filter(each => each.endsWith('.tf'));
    const used = new Set(
      files.flatMap(name =>
        [...read(TERRAFORM, name).matchAll(/\bvar\.(\w+)/g)].map(
          ([, each]) => each,
        ),
      ),
    );
    const { variable } = await load('variables.tf');
    assert.deepEqual([...used].sort(), Object.keys(variable).sort());
    for (const [name, [{ description }]] of Object.entries(variable)) {
      assert.ok(description, name);
    }
  });

  test('every referenced resource exists', async () => {
    const { resource } = await load('main.tf');
    const text = read(TERRAFORM, 'main.tf') + read(TERRAFORM, 'outputs.tf');
    for (const [, type, name] of text.matchAll(/\b(azurerm_\w+)\.(\w+)/g)) {
      assert.ok(resource[type]?.[name], `${type}.${name}`);
    }
  });
});

describe('Bicep and Terraform', () => {
  test('send the same events to the portal', async () => {
    const { resource } = await parseHcl('main.tf', read(TERRAFORM, 'main.tf'));
    assert.deepEqual(
      resource.azurerm_eventgrid_event_subscription.vault[0]
        .included_event_types,
      EVENTS,
    );
    const bicep = [
      ...read(BICEP, 'events.bicep').matchAll(/'(Microsoft\.KeyVault\.\w+)'/g),
    ];
    assert.deepEqual(
      bicep.map(([, type]) => type),
      EVENTS,
    );
  });
});
