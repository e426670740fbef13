import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { builderReportPort, builderUserData } from '../../cloud-init/render-builder.ts';

interface CloudConfig {
  write_files: { path: string; content: string }[];
  runcmd: string[][];
}

describe('the user-data of a builder', () => {
  const { write_files: files, runcmd } = parse(builderUserData) as CloudConfig;

  it('fits what the strictest cloud accepts, and is a cloud-config', () => {
    assert.ok(builderUserData.startsWith('#cloud-config\n'));
    assert.ok(Buffer.byteLength(builderUserData) <= 32 * 1024);
  });

  it('brings the very script that plain machines run, byte for byte', () => {
    const script = path.join(import.meta.dirname, '../../cloud-init/on-machine/install.sh');
    const brought = files.find((file) => file.path.endsWith('/install.sh'));
    assert.equal(brought?.content, readFileSync(script, 'utf8'));
  });

  it('begins its work only when cloud-init has ended, which would write into what was cleaned', () => {
    const [command = []] = runcmd;
    assert.ok(command.includes('--property=After=cloud-final.service') && command.includes('--no-block'));
    assert.equal(command.at(-1), String(builderReportPort));
  });
});
