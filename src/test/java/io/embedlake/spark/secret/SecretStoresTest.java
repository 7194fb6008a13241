package io.embedlake.spark.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import io.embedlake.spi.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretStoresTest {
    private static final String SECRET = "sk-kept-by-the-cluster";

    @TempDir
    private Path folder;

    private Configuration keyStore() throws IOException {
        Configuration configuration = new Configuration(false);
        configuration.set(
                CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH, "localjceks://file" + folder.resolve("keys.jceks"));
        CredentialProvider provider =
                CredentialProviderFactory.getProviders(configuration).get(0);
        provider.createCredentialEntry("openai", SECRET.toCharArray());
        provider.flush();
        return configuration;
    }

    @Test
    void anAliasOfAHadoopKeyStoreIsASecret() throws Exception {
        Configuration configuration = keyStore();

        assertEquals(SECRET, new HadoopSecrets(() -> configuration).secret("openai"));
    }

    /** Executors get these settings of the driver with their SparkConf. */
    @Test
    void theProviderIsTheOneThatSparksSettingsName() throws Exception {
        String path = keyStore().get(CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH);
        String setting = "spark.hadoop." + CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH;
        Lake.spark();
        SparkEnv.get().conf().set(setting, path);
        try {
            assertEquals(SECRET, SecretReference.parse("hadoop:openai").resolve(Map.of(), Files::readString));
        } finally {
            SparkEnv.get().conf().remove(setting);
        }
    }

    @Test
    void anAliasThatIsNotInTheKeyStoreIsNamedWithTheCommandThatCreatesIt() throws Exception {
        Configuration configuration = keyStore();

        SecretStore.Unavailable refused = assertThrows(
                SecretStore.Unavailable.class, () -> new HadoopSecrets(() -> configuration).secret("other"));

        assertTrue(refused.getMessage().contains("keys.jceks"), refused.getMessage());
        assertTrue(refused.remedy().contains("hadoop credential create other"), refused.remedy());
    }

    @Test
    void aKeyStoreThatIsDamagedIsNoSecret() throws Exception {
        Configuration configuration = keyStore();
        Files.writeString(folder.resolve("keys.jceks"), "no key store at all");

        SecretStore.Unavailable refused = assertThrows(
                SecretStore.Unavailable.class, () -> new HadoopSecrets(() -> configuration).secret("openai"));

        assertTrue(refused.remedy().contains("hadoop.security.credential.provider.path"), refused.remedy());
    }

    /** Through the reference that a job names, which finds the stores on the class path. */
    @Test
    void withoutAProviderTheSettingIsNamed() {
        EmbedlakeException refused = assertThrows(EmbedlakeException.class, () -> SecretReference.parse("hadoop:openai")
                .resolve(Map.of(), Files::readString));

        assertEquals(ErrorKind.CONFIGURATION, refused.kind());
        assertTrue(refused.getMessage().startsWith("Cannot resolve a secret: hadoop:openai ("), refused.getMessage());
        assertTrue(
                refused.getMessage().contains("spark.hadoop.hadoop.security.credential.provider.path"),
                refused.getMessage());
    }

    @Test
    void aSecretOfADatabricksScopeIsReadThroughTheUtilitiesOfTheCluster() throws Exception {
        Holder.current = Optional.of(new Holder.Utilities() {
            @Override
            public Holder.Secrets secrets() {
                return (scope, key) -> {
                    if (!scope.equals("models") || !key.equals("openai")) {
                        throw new IllegalArgumentException("Secret does not exist");
                    }
                    return SECRET;
                };
            }
        });
        DatabricksSecrets secrets = new DatabricksSecrets(Holder.class.getName());

        assertEquals(SECRET, secrets.secret("models/openai"));
        SecretStore.Unavailable refused =
                assertThrows(SecretStore.Unavailable.class, () -> secrets.secret("models/other"));
        assertTrue(refused.getMessage().contains("IllegalArgumentException"), refused.getMessage());
    }

    @Test
    void aThreadWithoutUtilitiesIsToldOfTheClustersEnvironment() {
        Holder.current = Optional.empty();

        SecretStore.Unavailable refused =
                assertThrows(SecretStore.Unavailable.class, () -> new DatabricksSecrets(Holder.class.getName())
                        .secret("models/openai"));

        assertTrue(refused.getMessage().contains("this thread has no dbutils"), refused.getMessage());
        assertTrue(refused.remedy().contains("{{secrets/scope/key}}"), refused.remedy());
    }

    @Test
    void elsewhereThanOnDatabricksItsSecretsAreRefused() {
        EmbedlakeException refused =
                assertThrows(EmbedlakeException.class, () -> SecretReference.parse("databricks:models/openai")
                        .resolve(Map.of(), Files::readString));

        assertEquals(ErrorKind.CONFIGURATION, refused.kind());
        assertEquals(
                "Cannot resolve a secret: databricks:models/openai (a secret that dbutils can read in this process; this is no"
                        + " cluster of Databricks). Set a variable of the cluster's environment to {{secrets/scope/key}}, and refer"
                        + " to it by env:NAME.",
                refused.getMessage());
    }

    @Test
    void whatIsNoNameInAStoreIsNoReference() {
        for (String text : new String[] {"databricks:openai", "databricks:a/b/c", "hadoop:", "hadoop:a b", "vault:x"}) {
            assertThrows(IllegalArgumentException.class, () -> SecretReference.parse(text), text);
        }
        assertTrue(SecretReference.looksLike("hadoop:openai"));
        assertFalse(SecretReference.looksLike("file:///etc/a"));
    }

    /** Shaped like the class of Databricks: static access to an interface that has secrets. */
    public static final class Holder {
        private static Optional<Utilities> current = Optional.empty();

        private Holder() {}

        /** What a notebook has. */
        public interface Utilities {
            Secrets secrets();
        }

        /** Its secrets. */
        public interface Secrets {
            String get(String scope, String key);
        }

        public static Utilities dbutils() {
            return current.orElse(null);
        }
    }
}
