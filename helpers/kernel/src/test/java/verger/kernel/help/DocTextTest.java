package verger.kernel.help;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocTextTest {

    @Test
    void readsCommentsOfJava() {
        DocText text = DocText.of("""
                Reads {@code *.jpg} files of
                a {@link Images#read folder}, see {@link #decode(byte[], int)}.

                <p>Of 3 &lt; 4 ones:
                <ul><li>this <b>one</b>
                <li>and that</ul>
                <pre>{@code
                List<Row> rows = read("a");
                  if (x) {}
                }</pre>

                @param uri a folder,
                    or a file
                @return rows, sorted
                @throws IllegalArgumentException if there is none
                @see Images
                """);

        assertThat(text.text()).isEqualTo("""
                Reads *.jpg files of a folder, see decode(byte[], int).

                Of 3 < 4 ones:

                • this one

                • and that

                    List<Row> rows = read("a");
                      if (x) {}

                  uri: a folder, or a file
                  returns: rows, sorted
                  throws IllegalArgumentException: if there is none""");
        assertThat(text.html()).contains("<p>Of 3 &lt; 4 ones:</p>", "<pre>List&lt;Row&gt; rows",
                "<li><code>uri</code> a folder, or a file</li>");
        assertThat(text.first().text()).isEqualTo("Reads *.jpg files of a folder, see decode(byte[], int).");
    }

    @Test
    void readsCommentsOfScala() {
        assertThat(DocText.of("""
                '''Loads''' a [[Dataset]] by `spark.read`:
                {{{
                  spark.read.json("a")
                }}}

                @note slow
                @group basic
                @since 1.4.0
                """).text()).isEqualTo("""
                Loads a Dataset by spark.read:

                    spark.read.json("a")

                  note: slow
                  since: 1.4.0""");
    }

    @Test
    void isEmptyWhereNothingIsSaid() {
        assertThat(DocText.of("@group setParam").isEmpty()).isTrue();
        assertThat(DocText.of("@param k components").first().text()).isEqualTo("  k: components");
    }
}
