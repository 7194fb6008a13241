package io.embedlake.spark;

import io.embedlake.config.Setting;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Sessions like others, with other settings. Stateless. Apart from {@link Sessions}, which an older Spark, without a class that this one
 * needs, must be able to load in order to be refused.
 */
public final class SessionCopies {
    private SessionCopies() {}

    /**
     * The session with these settings: itself where it has them, else one like it, temporary views included, that has them too. Settings
     * that are fixed when Spark starts are not changed.
     *
     * @param settings secrets are resolved here and appear nowhere else
     */
    public static SparkSession with(
            SparkSession spark, Map<String, Setting> settings, Map<String, String> environment) {
        Map<String, String> different = new TreeMap<>();
        settings.forEach((key, setting) -> {
            String value = setting.resolve(environment, Files::readString);
            if (!SQLConf.isStaticConfigKey(key) && !spark.conf().getOption(key).contains(value)) {
                different.put(key, value);
            }
        });
        if (different.isEmpty()) {
            return spark;
        }
        var own = ((org.apache.spark.sql.classic.SparkSession) spark).cloneSession();
        different.forEach(own.sessionState().conf()::setConfString);
        return own;
    }
}
