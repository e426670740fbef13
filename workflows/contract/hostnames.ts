/** The names of a workspace: the terminal's, and the one that DNS, certificate and proxy are made for. */

/** `wildcard`: every port of a machine can get a name. `flat`: one label, as edge certificates of free plans cover. */
export const dnsLayouts = ['wildcard', 'flat'] as const;
export type DnsLayout = (typeof dnsLayouts)[number];

/** Where the terminal is reached: `ui.<id>.vm.<domain>`, or flat `ui-<id>.<domain>`. */
export function terminalHostname(layout: DnsLayout, workspaceId: string, baseDomain: string): string {
  return layout === 'wildcard' ? `ui.${workspaceId}.vm.${baseDomain}` : `ui-${workspaceId}.${baseDomain}`;
}

/** What is published and certified for a terminal's hostname: `*.<id>.vm.<domain>`, or flat the hostname itself. */
export function coveredName(hostname: string): string {
  return hostname.replace(/^ui\./, '*.');
}

/** Everything that may be published for a workspace, whichever layout was in force when it began. */
export function coveredNames(workspaceId: string, baseDomain: string): string[] {
  return dnsLayouts.map((layout) => coveredName(terminalHostname(layout, workspaceId, baseDomain)));
}

/** The workspace that a hostname of either layout leads to. */
export function workspaceIdIn(hostname: string): string | undefined {
  return /^(?:[^.]+\.(?=ws-[a-z0-9]{6}\.vm\.)|ui-)(ws-[a-z0-9]{6})\./.exec(hostname)?.[1];
}
