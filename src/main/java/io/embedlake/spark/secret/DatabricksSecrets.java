package io.embedlake.spark.secret;

import io.embedlake.spi.SecretStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;

/**
 * The secret scopes of a Databricks workspace, through the utilities of its clusters; they are located when a secret is asked
 * for, so that nothing of Databricks is needed elsewhere. Stateless.
 */
public final class DatabricksSecrets implements SecretStore {
    private final String holder;

    /** As clusters of Databricks have them. */
    public DatabricksSecrets() {
        this("com.databricks.dbutils_v1.DBUtilsHolder");
    }

    /** @param holder the name of the class that hands out the utilities */
    DatabricksSecrets(String holder) {
        this.holder = Objects.requireNonNull(holder);
    }

    @Override
    public String prefix() {
        return "databricks";
    }

    @Override
    public String secret(String name) throws Unavailable {
        int slash = name.indexOf('/');
        try {
            Method dbutils = Class.forName(holder, true, Thread.currentThread().getContextClassLoader())
                    .getMethod("dbutils");
            Object utilities = dbutils.invoke(null);
            if (utilities == null) {
                throw unreachable("this thread has no dbutils", null);
            }
            Method secrets = dbutils.getReturnType().getMethod("secrets");
            Object secret = secrets.getReturnType()
                    .getMethod("get", String.class, String.class)
                    .invoke(secrets.invoke(utilities), name.substring(0, slash), name.substring(slash + 1));
            return Objects.requireNonNullElse(secret, "").toString();
        } catch (ClassNotFoundException e) {
            throw unreachable("this is no cluster of Databricks", e);
        } catch (InvocationTargetException e) {
            throw new Unavailable(
                    "a scope and a key that exist and that the one who runs this may read; "
                            + e.getCause().getClass().getSimpleName(),
                    "Check them with dbutils.secrets.list, or name another secret.",
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unreachable("its dbutils are of another kind", e);
        }
    }

    /** The way that works in every process of a cluster. */
    private static Unavailable unreachable(String why, Exception cause) {
        return new Unavailable(
                "a secret that dbutils can read in this process; " + why,
                "Set a variable of the cluster's environment to {{secrets/scope/key}}, and refer to it by env:NAME.",
                cause);
    }
}
