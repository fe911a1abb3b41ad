using System.Text.RegularExpressions;
using Impetus.Retrieval.Reading;
using Impetus.Server;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>The property lists that ship: keys, types, and that each is explained.</summary>
public sealed partial class PlistTests
{
    private static readonly IReadOnlyDictionary<string, object> Info = Plist.Read(Path.Combine(Fixture.Repository, "Info.plist"));
    private static readonly string Docs = File.ReadAllText(Path.Combine(Fixture.Repository, "docs", "packaging.md"));

    [Fact]
    public void The_app_is_what_the_rest_of_the_product_takes_it_for()
    {
        Assert.Equal("com.gerdsenai.impetus", Info["CFBundleIdentifier"]);
        Assert.Equal("Impetus", Info["CFBundleExecutable"]);
        Assert.Equal("APPL", Info["CFBundlePackageType"]);
        Assert.Equal("NSApplication", Info["NSPrincipalClass"]);
        Assert.Equal(true, Info["LSUIElement"]);
        Assert.Equal(true, Info["LSMultipleInstancesProhibited"]);
        Assert.Equal("14.0", Info["LSMinimumSystemVersion"]);
        Assert.False(Info.ContainsKey("NSMainStoryboardFile"));
    }

    [Fact]
    public void Its_languages_are_those_that_the_app_speaks() => Assert.Equal(["en", "de"], (List<object>)Info["CFBundleLocalizations"]);

    [Fact]
    public void Its_version_is_the_products_everywhere()
    {
        string props = File.ReadAllText(Path.Combine(Fixture.Repository, "Directory.Build.props"));
        string version = VersionElement().Match(props).Groups[1].Value;
        Assert.NotEmpty(version);
        Assert.Equal(version, Info["CFBundleShortVersionString"]);
        Assert.Equal(version, Info["CFBundleVersion"]);
        Assert.Equal(version, ImpetusServer.Version);
        Assert.Contains($"## {version}", File.ReadAllText(Path.Combine(Fixture.Repository, "CHANGELOG.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Insecure_loads_are_allowed_from_this_machine_alone()
    {
        var transport = (Dictionary<string, object>)Info["NSAppTransportSecurity"];
        Assert.Equal(["NSExceptionDomains"], transport.Keys);
        Assert.Equal(["localhost"], ((Dictionary<string, object>)transport["NSExceptionDomains"]).Keys);
    }

    [Fact]
    public void It_answers_to_one_scheme_and_never_claims_documents_for_itself()
    {
        var url = (Dictionary<string, object>)Assert.Single((List<object>)Info["CFBundleURLTypes"]);
        Assert.Equal(["impetus"], (List<object>)url["CFBundleURLSchemes"]);
        var documents = (Dictionary<string, object>)Assert.Single((List<object>)Info["CFBundleDocumentTypes"]);
        Assert.Equal("Alternate", documents["LSHandlerRank"]);
        Assert.Equal("Viewer", documents["CFBundleTypeRole"]);
    }

    [Theory]
    [InlineData("com.adobe.pdf", "pdf")]
    [InlineData("public.plain-text", "txt")]
    [InlineData("net.daringfireball.markdown", "md")]
    [InlineData("public.html", "html")]
    [InlineData("public.rtf", "rtf")]
    [InlineData("public.json", "json")]
    [InlineData("public.comma-separated-values-text", "csv")]
    [InlineData("public.email-message", "eml")]
    [InlineData("org.idpf.epub-container", "epub")]
    [InlineData("org.oasis-open.opendocument.text", "odt")]
    [InlineData("org.openxmlformats.wordprocessingml.document", "docx")]
    [InlineData("org.openxmlformats.spreadsheetml.sheet", "xlsx")]
    [InlineData("org.openxmlformats.presentationml.presentation", "pptx")]
    public void Each_kind_of_document_that_it_opens_has_a_reader(string type, string ending)
    {
        Assert.Contains(type, DocumentTypes());
        Assert.NotNull(DocumentKinds.FromName("a." + ending));
    }

    [Fact]
    public void No_kind_of_document_is_claimed_beside_those_and_folders() => Assert.Equal(14, DocumentTypes().Distinct().Count());

    [Theory]
    [InlineData("Entitlements.plist")]
    [InlineData("Packaging/Command.entitlements.plist")]
    public void Every_entitlement_is_granted_and_explained_by_what_fails_without_it(string file)
    {
        var entitlements = Plist.Read(Path.Combine(Fixture.Repository, file));
        foreach (var (key, value) in entitlements)
        {
            Assert.Equal(true, value);
            var row = Docs.Split('\n').Where(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));
            Assert.True(row.Any(), $"docs/packaging.md has no row for {key}.");
        }
    }

    [Fact]
    public void No_right_is_explained_that_is_not_asked_for()
    {
        var asked = Plist.Read(Path.Combine(Fixture.Repository, "Entitlements.plist")).Keys
            .Concat(Plist.Read(Path.Combine(Fixture.Repository, "Packaging", "Command.entitlements.plist")).Keys);
        Assert.Equal(asked.Distinct().Order(StringComparer.Ordinal), EntitlementRow().Matches(Docs).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rights_that_weaken_the_hardened_runtime_are_not_asked_for()
    {
        foreach (string file in new[] { "Entitlements.plist", "Packaging/Command.entitlements.plist" })
        {
            var weakening = Plist.Read(Path.Combine(Fixture.Repository, file)).Keys.Where(key => key.StartsWith("com.apple.security.cs.", StringComparison.Ordinal));
            Assert.Equal(["com.apple.security.cs.allow-jit"], weakening);
        }
    }

    [Fact]
    public void Every_key_of_the_information_list_is_explained()
    {
        foreach (string key in Info.Keys.Where(key => !key.StartsWith("CFBundle", StringComparison.Ordinal)))
            Assert.True(Docs.Contains($"`{key}`", StringComparison.Ordinal), $"docs/packaging.md does not speak of {key}.");
    }

    private static List<string> DocumentTypes() =>
        [.. ((List<object>)((Dictionary<string, object>)((List<object>)Info["CFBundleDocumentTypes"])[0])["LSItemContentTypes"]).Cast<string>()];

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex VersionElement();

    [GeneratedRegex(@"^\| `(com\.apple\.security\.[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex EntitlementRow();
}
