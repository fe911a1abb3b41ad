using System.Text.Json;
using Impetus.Server.Cli;

namespace Impetus.Server.Tests.Cli;

/// <summary>What `impetus models list` makes of a terminal's width.</summary>
public sealed class ModelListTests
{
    private const string Starter = "HuggingFaceTB/SmolLM2-135M-Instruct";
    private const string Long = "some-organisation/A-model-whose-name-is-much-longer-than-usual-4bit";

    [Theory]
    [InlineData(60, "Model                                State          Size")]
    [InlineData(80, "Model                                State          Size  For")]
    [InlineData(120, "Model                                State          Size  For               Context  Weights              From")]
    public void A_terminal_gets_as_many_columns_as_it_holds(int width, string titles)
    {
        var lines = Write(width, Model(Starter), Model("org/some-GGUF", runs: false));
        Assert.Equal(titles, lines[0]);
        Assert.StartsWith($"{Starter}  on disk", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("org/some-GGUF                        cannot run", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Equal(["", "org/some-GGUF cannot run:", "  Its weights are GGUF, which is not read."], lines.Skip(3));
    }

    [Fact]
    public void An_id_that_leaves_no_room_has_a_line_of_its_own_which_is_not_broken()
    {
        Assert.Equal(
            ["Model", "  State       Size", Starter, "  on disk  3.84 GB", Long, "  on disk  3.84 GB"],
            Write(60, Model(Starter), Model(Long)));
    }

    [Fact]
    public void A_file_or_a_pipe_gets_all_of_a_model_on_one_line()
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        ModelList.Write(new CommandStreams(Stream.Null, output, error).Console, Json(Model(Starter), Model("org/some-GGUF", runs: false)));
        string[] lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal($"{Starter}  on disk     3.84 GB  chat, completion     8192  llama, 4-bit affine  starter", lines[1]);
        Assert.Equal("org/some-GGUF                        cannot run  3.84 GB                             GGUF                 starter  Its weights are GGUF, which is not read.", lines[2]);
    }

    [Fact]
    public void What_a_file_says_cannot_move_the_cursor() =>
        Assert.DoesNotContain('\e', string.Concat(Write(120, Model("org/\\u001b[2J"))));

    private static IReadOnlyList<string> Write(int width, params string[] models)
    {
        var terminal = new TestTerminal(width);
        ModelList.Write(terminal.Open(), Json(models));
        return terminal.Lines;
    }

    private static JsonElement Json(params string[] models) => JsonElement.Parse($"[{string.Join(',', models)}]");

    private static string Model(string id, bool runs = true) => $$"""
        {
          "id": "{{id}}", "state": "not_loaded", "can_run": {{(runs ? "true" : "false")}}, "reason": {{(runs ? "null" : "\"Its weights are GGUF, which is not read.\"")}},
          "uses": [{{(runs ? "\"chat\", \"completion\"" : "")}}], "architecture": "{{(runs ? "llama" : "unknown")}}",
          "quantization": "{{(runs ? "4-bit affine, groups of 32" : "GGUF")}}",
          "size_bytes": 3840000000, "context_length": {{(runs ? "8192" : "null")}}, "origin": "starter", "resident": null
        }
        """;
}
