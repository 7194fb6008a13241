package io.embedlake.links;

/**
 * A method or field as class files name it.
 *
 * @param descriptor its types, such as {@code (I)Ljava/lang/String;}
 */
record Member(String name, String descriptor) {
    boolean isMethod() {
        return descriptor.startsWith("(");
    }

    @Override
    public String toString() {
        return name + (isMethod() ? "" : ":") + descriptor;
    }
}
