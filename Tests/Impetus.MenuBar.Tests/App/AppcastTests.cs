using System.Security.Cryptography;
using System.Text;
using Impetus.MenuBar.App;

namespace Impetus.MenuBar.Tests.App;

public sealed class AppcastTests : IDisposable
{
    private const string Release = """{"version":"2.1.0","minimum_system":"14.0","url":"https://example.org/Impetus.dmg","notes":"Faster.\nSmaller."}""";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string PublicKey => Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo());

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_signed_list_tells_what_is_new()
    {
        var release = Appcast.Read(Sign(Release), PublicKey);
        Assert.Equal(new Release(new Version(2, 1, 0), new Version(14, 0), new Uri("https://example.org/Impetus.dmg"), "Faster.\nSmaller."), release);
    }

    [Fact]
    public void A_list_of_someone_elses_is_not_believed()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fault = Assert.Throws<FormatException>(() => Appcast.Read(Sign(Release), Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())));
        Assert.Contains("not signed by the makers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_was_changed_is_not_believed()
    {
        string changed = Convert.ToBase64String(Encoding.UTF8.GetBytes(Release.Replace("example.org", "example.com", StringComparison.Ordinal)));
        byte[] list = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Sign(Release)).Replace(Convert.ToBase64String(Encoding.UTF8.GetBytes(Release)), changed, StringComparison.Ordinal));
        Assert.Contains(changed, Encoding.UTF8.GetString(list), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Appcast.Read(list, PublicKey));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"payload":"e30=","signature":"no base64"}""")]
    [InlineData("""{"payload":1,"signature":2}""")]
    public void What_is_no_list_is_a_fault_and_no_crash(string json) =>
        Assert.Throws<FormatException>(() => Appcast.Read(Encoding.UTF8.GetBytes(json), PublicKey));

    [Theory]
    [InlineData("""{"version":"2.1.0","minimum_system":"14.0","url":"http://example.org/a","notes":""}""")]
    [InlineData("""{"version":"2.1.0","minimum_system":"14.0","url":"file:///a","notes":""}""")]
    [InlineData("""{"version":"new","minimum_system":"14.0","url":"https://example.org/a","notes":""}""")]
    [InlineData("""{"version":"2.1.0","url":"https://example.org/a","notes":""}""")]
    [InlineData("""{"version":null,"minimum_system":"14.0","url":"https://example.org/a","notes":""}""")]
    public void Even_a_signed_list_must_make_sense(string release) => Assert.Throws<FormatException>(() => Appcast.Read(Sign(release), PublicKey));

    private byte[] Sign(string release)
    {
        byte[] payload = Encoding.UTF8.GetBytes(release);
        byte[] signature = _key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Encoding.UTF8.GetBytes($$"""{"payload":"{{Convert.ToBase64String(payload)}}","signature":"{{Convert.ToBase64String(signature)}}"}""");
    }
}
