/** Whose models are called: the providers' own, or others that speak their words. */
import { gatewaySettings } from './settings/gateway.ts';

/** Where calls of each model API go. */
export const endpointSettings = gatewaySettings.pick({
  ANTHROPIC_BASE_URL: true,
  OPENAI_BASE_URL: true,
  GOOGLE_GEMINI_BASE_URL: true,
});

const settingOf = {
  anthropic: 'ANTHROPIC_BASE_URL',
  openai: 'OPENAI_BASE_URL',
  google: 'GOOGLE_GEMINI_BASE_URL',
} as const;

/** Whether the calls of this API go to its provider, which takes none without a credential. */
export function goesToProvider(
  settings: Record<(typeof settingOf)[keyof typeof settingOf], string>,
  api: keyof typeof settingOf,
): boolean {
  const name = settingOf[api];
  return new URL(settings[name]).host === new URL(endpointSettings.shape[name].parse(undefined)).host;
}
