package io.embedlake.http;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    @Test
    void eachSchemeHasItsProxy() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://secure:3128", "HTTP_PROXY", "plain");
        assertEquals("HTTP secure:3128", proxy(environment, "https://hub.example/x"));
        assertEquals("HTTP plain:80", proxy(environment, "http://hub.example/x"));
        assertEquals("DIRECT", proxy(Map.of(), "https://hub.example/x"));
    }

    @Test
    void smallLettersComeFirstAndAllProxyLast() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://small:1", "HTTPS_PROXY", "http://large:2", "ALL_PROXY", "socks5://all");
        assertEquals("HTTP small:1", proxy(environment, "https://hub.example/x"));
        assertEquals("SOCKS all:1080", proxy(environment, "http://hub.example/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hub.example", "example", ".example", "*.example", "a,HUB.example ", "hub.example:443", "*"})
    void someHostsAreAskedDirectly(String noProxy) {
        assertEquals(
                "DIRECT", proxy(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", noProxy), "https://hub.example/x"));
    }

    @Test
    void aNameWithAnUnderscoreIsAHostToo() {
        Map<String, String> environment = Map.of("HTTP_PROXY", "http://proxy:1", "NO_PROXY", "my_mirror");
        assertEquals("DIRECT", proxy(environment, "http://my_mirror:8080/x"));
        assertEquals("HTTP proxy:1", proxy(environment, "http://my_storage:8080/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ub.example", "hub", "hub.example:80", "hub.example.org", ""})
    void otherHostsAreNot(String noProxy) {
        assertEquals(
                "HTTP proxy:1",
                proxy(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", noProxy), "https://hub.example/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://me:hf_secret@proxy:1", "http://me:hf_secret@", "http://me:hf_secret @proxy"})
    void aValueThatIsNoAddressIsRefusedAndNotRepeated(String value) {
        String message = assertMisconfigured(() -> Proxies.of(Map.of("HTTPS_PROXY", value)), "HTTPS_PROXY")
                .getMessage();
        assertFalse(message.contains("hf_secret"), message);
    }

    @Test
    void whatNamesTheProxyIsKnownForMessages() {
        Proxies ofEnvironment = Proxies.of(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", "near.example"));
        URI far = URI.create("https://hub.example/x");
        assertEquals(Optional.of("HTTPS_PROXY"), ofEnvironment.source(far));
        assertEquals(Optional.empty(), ofEnvironment.source(URI.create("https://near.example/x")));
        assertEquals(
                Optional.of("proxy.address"),
                ofEnvironment.with("http://other:1", Optional.empty(), () -> "").source(far));
        assertEquals(Optional.empty(), Proxies.none().source(URI.create("https://127.0.0.1/x")));
    }

    private static String proxy(Map<String, String> environment, String address) {
        return proxy(Proxies.of(environment), address);
    }

    private static String proxy(Proxies proxies, String address) {
        Proxy proxy = proxies.selector().select(URI.create(address)).get(0);
        return proxy.address() instanceof InetSocketAddress server
                ? proxy.type() + " " + server.getHostString() + ":" + server.getPort()
                : proxy.type().toString();
    }

    @Test
    void thisMachineIsAskedDirectly() {
        for (String host : new String[] {"localhost", "127.0.0.1", "127.3.2.1", "[::1]"}) {
            assertEquals("DIRECT", proxy(Map.of("HTTP_PROXY", "http://proxy:1"), "http://" + host + ":8080/x"));
        }
    }

    @Test
    void theProxyOfAJobComesBeforeThoseOfTheEnvironment() {
        Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "http://other:1", "NO_PROXY", "near.example"))
                .with("http://proxy:3128", Optional.of("me"), () -> "secret");
        assertEquals("HTTP proxy:3128", proxy(proxies, "https://hub.example/x"));
        assertEquals("HTTP proxy:3128", proxy(proxies, "http://hub.example/x"));
        assertEquals("DIRECT", proxy(proxies, "https://near.example/x"));
        for (String address : new String[] {"http://me:hf_secret@proxy:3128", "proxy:none"}) {
            String message = assertMisconfigured(
                            () -> Proxies.none().with(address, Optional.empty(), () -> ""), "proxy.address")
                    .getMessage();
            assertFalse(message.contains("hf_secret"), message);
        }
    }

    @Test
    void aTunnelIsOpenedWithTheLoginOfTheJobAndAWrongOneIsNotTriedForEver() throws Exception {
        List<String> heads = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> refuseTunnels(server, heads));
            thread.start();
            OkHttpClient client = Proxies.none()
                    .with("http://127.0.0.1:" + server.getLocalPort(), Optional.of("me"), () -> "pass word")
                    .through(new OkHttpClient.Builder())
                    .build();
            Request request = new Request.Builder().url("https://hub.invalid/x").build();
            IOException refused = assertThrows(
                    IOException.class, () -> client.newCall(request).execute());
            assertFalse(String.valueOf(refused.getMessage()).contains("pass word"));
        }
        assertEquals(1, heads.size(), heads.toString());
        assertTrue(heads.get(0).startsWith("CONNECT hub.invalid:443 HTTP/1.1"), heads.get(0));
        assertTrue(heads.get(0).contains("Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk"), heads.get(0));
    }

    private static void refuseTunnels(ServerSocket server, List<String> heads) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) socket.getInputStream().read());
                }
                heads.add(head.toString());
                socket.getOutputStream()
                        .write(
                                ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                                + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }
}
