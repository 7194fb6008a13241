package io.embedlake.remote.platform;

import io.embedlake.spi.PlatformOption;

/** The options of providers that support clients, or service principals, besides keys. Stateless. */
public final class ClientOptions {
    public static final PlatformOption ID = PlatformOption.text(
            "client-id",
            "the id of a client",
            "api-key is used",
            "The client, or service principal, that signs calls instead of a key; tokens are got for it and renewed.",
            "11111111-2222-3333-4444-555555555555");

    public static final PlatformOption SECRET = PlatformOption.secret(
            "client-secret",
            "api-key is used",
            "Where the secret of client-id is: named, never written.",
            "env:AZURE_CLIENT_SECRET");

    public static final PlatformOption TOKEN_SCOPE = PlatformOption.text(
            "token-scope",
            "a scope",
            "https://cognitiveservices.azure.com/.default with azure-openai, all-apis with databricks",
            "What the tokens of client-id are for.",
            "https://ai.azure.com/.default");

    public static final PlatformOption TOKEN_ENDPOINT = PlatformOption.text(
            "token-endpoint",
            "a URL",
            "Entra's for the tenant; the workspace's own with databricks",
            "Who gives out the tokens of client-id, such as Entra's servers for governments.",
            "https://login.microsoftonline.us/contoso.onmicrosoft.com/oauth2/v2.0/token");

    private ClientOptions() {}
}
