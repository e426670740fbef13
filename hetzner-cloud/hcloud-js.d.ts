/** What Pawl uses of hcloud-js 1.4.1, which has no types of its own. Its objects lack fields that came after March 2021. */
declare module 'hcloud-js' {
  interface HcloudAction {
    id: number;
    command: string;
    status: 'running' | 'success' | 'error';
    progress: number;
    error?: { code: string; message: string } | null;
  }

  interface HcloudServer {
    id: number;
    name: string;
    status: string;
    created: Date;
    publicNet: { ipv4: { ip: string }; ipv6: { ip: string } };
    serverType: {
      name: string;
      prices: { location: string; priceHourly: { gross: number }; priceMonthly: { gross: number } }[];
    };
    datacenter: { location: { name: string } };
    labels: Record<string, string>;
  }

  /** The library's HTTP client, an axios instance. */
  interface HcloudHttp {
    (request: HcloudRequest): Promise<HcloudResponse>;
    defaults: { validateStatus: (status: number) => boolean; maxRedirects: number; signal?: AbortSignal };
    interceptors: {
      response: { use(judge: (response: HcloudResponse) => HcloudResponse, rename: (error: unknown) => never): void };
    };
  }

  interface HcloudRequest {
    url: string;
    method: 'GET' | 'POST' | 'DELETE';
    params?: Record<string, string | number>;
    data?: object;
  }

  interface HcloudResponse {
    status: number;
    headers: Record<string, string | undefined>;
    data: unknown;
  }

  type Params = Record<string, string | number>;

  class Client {
    constructor(options: { token: string; baseURL: string; timeout: number });
    axios: HcloudHttp;
    actions: { get(id: number): Promise<HcloudAction> };
    sshKeys: { get(id: number): Promise<object>; delete(id: number): Promise<void> };
    servers: {
      list(params: Params): Promise<{ servers: HcloudServer[]; nextPage: number | null }>;
      get(id: number): Promise<HcloudServer>;
      delete(id: number): Promise<HcloudAction>;
      actions: {
        list(id: number, params: Params): Promise<{ actions: HcloudAction[]; nextPage: number | null }>;
        powerOn(id: number): Promise<HcloudAction>;
      };
    };
  }
}
