using System.Diagnostics;
using System.Text.Json;
using Impetus.Server.Documents;
using Impetus.Server.Tests.Support;
using Impetus.Tests;

namespace Impetus.Server.Tests.Cli;

/// <summary>`impetus inspect` as people run it: a process with pipes.</summary>
public sealed class InspectProcessTests
{
    [Fact]
    public async Task Pipes_carry_UTF_8_without_a_byte_order_mark_whatever_the_locale()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Combine("echo.jinja"), "{{ x }} – ü");

        var (code, output) = await RunAsync("{\"x\":\"größer 😀 語\"}\n"u8.ToArray(), "inspect", "prompt", "--template", folder.Combine("echo.jinja"));

        Assert.Equal(0, code);
        Assert.Equal((byte)'{', output[0]);
        Assert.Equal((byte)'\n', output[^1]);
        Assert.Equal("größer 😀 語 – ü", JsonElement.Parse(output).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_document_is_read_in_a_worker_and_told_on_one_line()
    {
        var (code, output) = await RunAsync([], "inspect", "document", Fixture.Path("documents", "utf8.txt"));

        Assert.Equal(0, code);
        Assert.Equal(output.Length - 1, output.AsSpan().IndexOf((byte)'\n'));
        var document = JsonElement.Parse(output);
        Assert.Equal("text", document.GetProperty("kind").GetString());
        Assert.Contains("Die Sternwarte steht auf dem ersten Kiesrücken", document.GetProperty("pages")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encrypted.docx", "encrypted")]
    [InlineData("hostile_zip_bomb.docx", "too_large")]
    [InlineData("zero_bytes.pdf", "empty")]
    public async Task A_document_that_cannot_be_read_answers_with_the_error_that_it_deserves(string file, string error)
    {
        var (code, output) = await RunAsync([], "inspect", "document", Fixture.Path("documents", file));

        Assert.Equal(0, code);
        Assert.Equal(error, JsonElement.Parse(output).GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task<(int Code, byte[] Output)> RunAsync(byte[] input, params string[] words)
    {
        var start = new ProcessStartInfo(ReaderProgram.Start().FileName, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return (process.ExitCode, output.ToArray());
    }
}
