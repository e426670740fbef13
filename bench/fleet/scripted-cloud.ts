/** Loaded before the worker program (`--import`): adds a provider whose machines are files, and changes nothing else. */
import { z } from 'zod';
import { machineProviders } from '../../activities/providers/index.ts';
import type { MachineProviderDefinition } from '../../activities/providers/provider.ts';
import { createScriptedProvider } from '../../test/support/scripted-provider.ts';

const settings = z.object({ SCRIPTED_CLOUD: z.string(), SCRIPTED_TERMINAL_PORT: z.coerce.number() });

const scripted: MachineProviderDefinition<typeof settings> = {
  id: 'scripted',
  settings,
  create: ({ SCRIPTED_CLOUD: folder, SCRIPTED_TERMINAL_PORT: port }) =>
    createScriptedProvider({ folder, connectTo: { host: '127.0.0.1', port } }),
};

(machineProviders as MachineProviderDefinition[]).push(scripted);
