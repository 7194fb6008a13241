package io.embedlake.spark.secret;

import io.embedlake.spi.SecretStore;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.apache.spark.SparkEnv;
import scala.Tuple2;

/**
 * The secrets in Hadoop's credential providers, such as key stores, as the configuration of this JVM names them. Stateless: every
 * secret is looked up again.
 */
public final class HadoopSecrets implements SecretStore {
    private static final String PATH = CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH;
    private static final String FOR_SPARK = "spark.hadoop.";

    private final Supplier<Configuration> configuration;

    /** With the configuration of Hadoop that Spark has in this JVM, or the files on its class path where no Spark runs. */
    public HadoopSecrets() {
        this(HadoopSecrets::ofThisJvm);
    }

    HadoopSecrets(Supplier<Configuration> configuration) {
        this.configuration = Objects.requireNonNull(configuration);
    }

    /** Executors get what a session sets for Hadoop among the settings of Spark. */
    private static Configuration ofThisJvm() {
        Configuration configuration = new Configuration();
        if (SparkEnv.get() != null) {
            for (Tuple2<String, String> setting : SparkEnv.get().conf().getAllWithPrefix(FOR_SPARK)) {
                configuration.set(setting._1(), setting._2());
            }
        }
        return configuration;
    }

    @Override
    public String prefix() {
        return "hadoop";
    }

    @Override
    public String secret(String alias) throws Unavailable {
        Configuration current = configuration.get();
        String path = current.getTrimmed(PATH, "");
        if (path.isEmpty()) {
            throw new Unavailable(
                    "a credential in one of Hadoop's providers; this JVM knows none",
                    "Set " + FOR_SPARK + PATH
                            + ", such as to jceks://hdfs@namenode/keys.jceks, for all of the cluster.",
                    null);
        }
        try {
            List<CredentialProvider> providers = CredentialProviderFactory.getProviders(current);
            for (CredentialProvider provider : providers) {
                CredentialProvider.CredentialEntry entry = provider.getCredentialEntry(alias);
                if (entry != null) {
                    return new String(entry.getCredential());
                }
            }
        } catch (IOException e) {
            throw new Unavailable(
                    "a credential provider that this JVM can read; " + path + ": " + first(e),
                    "Check " + PATH + ", who may read it, and its password.",
                    e);
        }
        throw new Unavailable(
                "an alias that " + path + " has",
                "Create it: hadoop credential create " + alias + " -provider " + path + ".",
                null);
    }

    /** The innermost cause: the outer ones repeat paths. */
    private static String first(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .reduce((outer, inner) -> inner)
                .map(inner -> inner.getClass().getSimpleName())
                .orElseThrow();
    }
}
