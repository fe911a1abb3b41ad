using System.Diagnostics;
using System.Text.Json;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

public sealed class SnippetTests
{
    private const string Key = "sk-'it\"is\\odd$HOME`id`";
    private const string Model = "HuggingFaceTB/SmolLM2-135M-Instruct";
    private static readonly Uri Address = new("http://localhost:8080/");

    public static TheoryData<string> Apps() => [.. Enum.GetNames<ConnectedApp>()];

    [Theory]
    [MemberData(nameof(Apps))]
    public void Every_snippet_holds_address_and_key(string app)
    {
        string snippet = Snippets.For(Enum.Parse<ConnectedApp>(app), Address, "sk-impetus-0123456789", Model);
        Assert.Contains("http://localhost:8080/v1", snippet, StringComparison.Ordinal);
        Assert.Contains("sk-impetus-0123456789", snippet, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Python")]
    [InlineData("JavaScript")]
    [InlineData("DotNet")]
    [InlineData("Continue")]
    public void A_key_of_odd_characters_stands_quoted_in_source_code(string app) =>
        Assert.Contains("""
            "sk-'it\"is\\odd$HOME`id`"
            """, Snippets.For(Enum.Parse<ConnectedApp>(app), Address, Key, Model), StringComparison.Ordinal);

    [Fact]
    public void A_shell_reads_the_address_the_key_and_a_body_that_is_json()
    {
        string snippet = Snippets.For(ConnectedApp.Curl, Address, Key, Model).Replace("curl ", "printf '%s\\n' ", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", snippet]) { RedirectStandardOutput = true })!;
        string[] words = shell.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        Assert.Equal("http://localhost:8080/v1/chat/completions", words[0]);
        Assert.Equal("Authorization: Bearer " + Key, words[2]);
        using var body = JsonDocument.Parse(words[^1]);
        Assert.Equal(Model, body.RootElement.GetProperty("model").GetString());
        Assert.Equal("Hello", body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
    }
}
