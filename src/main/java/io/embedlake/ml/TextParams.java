package io.embedlake.ml;

import org.apache.spark.ml.param.Param;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Makes Params that hold a text. Spark Connect sets a Param only where it knows the class of its value, which Spark 4.0 takes as Scala's tag
 * and later versions as itself: no constructor is in all of them. Stateless.
 */
final class TextParams {
    private TextParams() {}

    /**
     * A Param of a stage.
     *
     * @param uid of the stage
     * @param says what it means, for those who read it
     */
    static Param<String> of(String uid, String name, String says) {
        try {
            return new Param<>(uid, name, says, String.class);
        } catch (NoSuchMethodError e) {
            return ofSpark40(uid, name, says);
        }
    }

    @SuppressWarnings("unchecked")
    private static Param<String> ofSpark40(String uid, String name, String says) {
        try {
            return (Param<String>) Param.class
                    .getConstructor(String.class, String.class, String.class, ClassTag.class)
                    .newInstance(uid, name, says, ClassTag$.MODULE$.apply(String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
