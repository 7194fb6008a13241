/** How texts are put into calls: counted, within four budgets at once, and within what servers turned out to take. */
package io.embedlake.remote.pack;
