/** From the values of one machine to its user-data: pure, so that the same values give the same bytes. */
import { stringify } from 'yaml';
import { programsArchive } from './programs.ts';
import { UserDataValues } from './values.ts';

/** What the strictest cloud accepts (Hetzner). */
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
  return {
    locale: 'C.UTF-8',
    write_files: [
      writeFile('/opt/pawl/programs.tar.gz', '0644', programsArchive),
      writeFile('/etc/pawl/machine.json', '0600', Buffer.from(JSON.stringify(machine))),
    ],
    runcmd: [
      ['tar', '-xzf', '/opt/pawl/programs.tar.gz', '-C', '/opt/pawl'],
      ['sh', '/opt/pawl/prelude.sh'],
    ],
  };
}

function writeFile(path: string, permissions: string, content: Buffer): object {
  return { path, permissions, owner: 'root:root', encoding: 'b64', content: content.toString('base64') };
}
