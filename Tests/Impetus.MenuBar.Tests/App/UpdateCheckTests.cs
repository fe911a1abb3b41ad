using System.Net;
using System.Security.Cryptography;
using System.Text;
using Impetus.MenuBar.App;
using Microsoft.Extensions.Time.Testing;

namespace Impetus.MenuBar.Tests.App;

public sealed class UpdateCheckTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider _time = new();
    private readonly Feed _feed = new();
    private bool _wanted = true;

    public void Dispose()
    {
        _key.Dispose();
        _feed.Dispose();
    }

    [Theory]
    [InlineData("2.0.1", "14.0", true)]
    [InlineData("2.0.0", "14.0", false)]
    [InlineData("1.9.9", "14.0", false)]
    [InlineData("2.10.0", "14.4", true)]
    [InlineData("2.1.0", "15.0", false)]
    public async Task Only_what_is_newer_and_runs_here_is_offered(string version, string minimum, bool offered)
    {
        _feed.Answer = Sign(version, minimum);
        using var check = Check();
        var release = await check.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(offered ? Version.Parse(version) : null, release?.Version);
        Assert.Equal(release, check.Available);
    }

    [Fact]
    public async Task Whoever_wants_it_is_told_once_a_day_and_whoever_does_not_never_asks()
    {
        _feed.Answer = Sign("2.1.0", "14.0");
        using var check = Check();
        var found = new SemaphoreSlim(0);
        check.Changed += () => found.Release();
        _time.Advance(TimeSpan.FromMinutes(1));
        await found.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(UpdateCheck.Interval);
        await found.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _feed.Asked);
        _wanted = false;
        _time.Advance(UpdateCheck.Interval * 3);
        Assert.Equal(2, _feed.Asked);
    }

    [Fact]
    public async Task Without_an_answer_the_asker_is_told_why()
    {
        _feed.Answer = null;
        using var check = Check();
        await Assert.ThrowsAsync<IOException>(() => check.LookAsync(TestContext.Current.CancellationToken));
        _feed.Answer = "<html>"u8.ToArray();
        var fault = await Assert.ThrowsAsync<IOException>(() => check.LookAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be read", fault.Message, StringComparison.Ordinal);
        Assert.Null(check.Available);
    }

    [Fact]
    public void A_bundle_without_a_key_looks_nowhere()
    {
        var info = new Dictionary<string, string> { ["ImpetusAppcast"] = "https://example.org/appcast.json", ["CFBundleShortVersionString"] = "2.0.0" };
        Assert.Null(UpdateSource.Read(info.GetValueOrDefault, new(14, 0)));
        info["ImpetusAppcastKey"] = "key";
        Assert.Equal(new(new("https://example.org/appcast.json"), "key", new(2, 0, 0), new(14, 0)), UpdateSource.Read(info.GetValueOrDefault, new(14, 0)));
    }

    private UpdateCheck Check() => new(
        new(new("https://example.org/appcast.json"), Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()), new(2, 0, 0), new(14, 6)), () => _wanted, _time, _feed);

    private byte[] Sign(string version, string minimum)
    {
        byte[] payload = Encoding.UTF8.GetBytes($$"""{"version":"{{version}}","minimum_system":"{{minimum}}","url":"https://example.org/a","notes":"New."}""");
        byte[] signature = _key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Encoding.UTF8.GetBytes($$"""{"payload":"{{Convert.ToBase64String(payload)}}","signature":"{{Convert.ToBase64String(signature)}}"}""");
    }

    private sealed class Feed : HttpMessageHandler
    {
        public byte[]? Answer { get; set; }

        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            return Answer is { } bytes
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) })
                : throw new HttpRequestException("No route to host.");
        }
    }
}
