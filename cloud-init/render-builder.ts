/** What a builder boots: the machine whose disk becomes the image of machines to come. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

/** Where a builder says how far it is, over plain HTTP and to anybody: nothing of it is secret. */
export const builderReportPort = 7295;

const folder = '/opt/pawl-bake';

/**
 * The `#cloud-config` of every builder: the very `install.sh` that plain machines run, and what runs it. The same sources
 * give the same bytes, and there is no secret in it.
 */
export const builderUserData = `#cloud-config\n${stringify(cloudConfig(), { lineWidth: 0 })}`;

function cloudConfig(): object {
  const bake = ['sh', `${folder}/bake.sh`, String(builderReportPort)];
  return {
    locale: 'C.UTF-8',
    write_files: [program('on-machine/install.sh'), program('on-builder/bake.sh')],
    // Not from within cloud-init, which would write down its own end in what was cleaned.
    runcmd: [['systemd-run', '--no-block', '--unit=pawl-bake', '--property=After=cloud-final.service', ...bake]],
  };
}

function program(source: string): object {
  return {
    path: `${folder}/${path.basename(source)}`,
    permissions: '0755',
    owner: 'root:root',
    content: readFileSync(path.join(import.meta.dirname, source), 'utf8'),
  };
}
