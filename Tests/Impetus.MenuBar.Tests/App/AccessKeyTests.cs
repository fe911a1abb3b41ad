using Impetus.MenuBar.App;
using Impetus.Server.Security;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace Impetus.MenuBar.Tests.App;

public sealed class AccessKeyTests
{
    private readonly IKeychain _keychain = Substitute.For<IKeychain>();

    [Fact]
    public void The_key_that_is_kept_is_used()
    {
        _keychain.Read().Returns("sk-impetus-0123456789");
        Assert.Equal("sk-impetus-0123456789", AccessKey.Obtain(_keychain));
        _keychain.DidNotReceiveWithAnyArgs().Write(default!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sixteen letters but spaces")]
    public void Without_a_usable_key_one_is_made_and_kept(string? kept)
    {
        _keychain.Read().Returns(kept);
        string made = AccessKey.Obtain(_keychain)!;
        Assert.True(ApiKeys.IsWellFormed(made));
        _keychain.Received(1).Write(made);
    }

    [Fact]
    public void A_keychain_that_refuses_leaves_it_to_the_key_file()
    {
        _keychain.Read().Throws(new KeychainException("locked"));
        Assert.Null(AccessKey.Obtain(_keychain));
        _keychain.Configure().Read().Returns((string?)null);
        _keychain.When(k => k.Write(Arg.Any<string>())).Do(_ => throw new KeychainException("read-only"));
        Assert.Null(AccessKey.Obtain(_keychain));
    }
}
