package io.embedlake.links;

import java.util.Optional;

/**
 * That a class uses another one, or a member of it.
 *
 * @param from the class that refers
 * @param owner the class that is referred to
 * @param ofInterface whether the instruction takes the owner for an interface; of a member alone
 * @param isStatic whether the instruction takes the member for a static one
 */
record Reference(String from, String owner, Optional<Member> member, boolean ofInterface, boolean isStatic) {
    static Reference toClass(String from, String owner) {
        return new Reference(from, owner, Optional.empty(), false, false);
    }

    /** Whether both classes are of one source class, and so see each other's private members. */
    boolean isWithinNest() {
        return outermost(from).equals(outermost(owner));
    }

    private static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The reference without who refers. */
    String target() {
        return owner.replace('/', '.') + member.map(found -> "." + found).orElse("");
    }
}
