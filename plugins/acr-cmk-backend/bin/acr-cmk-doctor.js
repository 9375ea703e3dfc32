#!/usr/bin/env node
/*
 * Says what is wrong with the set-up of acr-cmk (docs/doctor.md): from source in a checkout, else
 * from the build.
 */
const fs = require('node:fs');
const path = require('node:path');

const isCheckout = fs.existsSync(path.resolve(__dirname, '../src'));
if (isCheckout) {
  require('@backstage/cli/config/nodeTransform.cjs');
}
const { runDoctorCli } = require(isCheckout ? '../src' : '..');

runDoctorCli({
  args: process.argv.slice(2),
  env: process.env,
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  fetch,
  now: Date.now,
}).then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`The doctor failed: ${error.stack}\n`);
    process.exitCode = 2;
  },
);
