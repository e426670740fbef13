/** From the values of one machine to its user-data: pure, so that the same values give the same bytes. */
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { machineFiles } from './machine-files.ts';
import type { MachineFile } from './machine-files.ts';
import { UserDataValues } from './values.ts';

/** The least that any cloud accepts (Hetzner: 32 KiB). */
const maxBytes = 32 * 1024;

/**
 * The `#cloud-config` that makes a plain Debian-like machine into a workspace. Holds no secret but the machine's token
 * and the password's hash. Throws when a value is not what it should be, or when the text outgrows what clouds accept.
 */
export function renderUserData(values: UserDataValues): string {
  const machine = UserDataValues.parse(values);
  const text = `#cloud-config\n${stringify(cloudConfig(machine), { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new Error(`The user-data is ${bytes} bytes long; clouds accept ${maxBytes}.`);
  return text;
}

function cloudConfig(machine: UserDataValues): object {
  const settings: MachineFile = {
    path: '/etc/pawl/machine.json',
    permissions: '0600',
    content: JSON.stringify(machine, null, 2),
  };
  return {
    locale: 'C.UTF-8',
    // Settings last: whatever finds them finds the programs as well.
    write_files: [...machineFiles(), settings].map(writeFile),
    runcmd: [['sh', '/opt/pawl/prelude.sh']],
  };
}

function writeFile({ path, permissions, content }: MachineFile): object {
  return { path, permissions, owner: 'root:root', encoding: 'gz+b64', content: gzipSync(content).toString('base64') };
}
